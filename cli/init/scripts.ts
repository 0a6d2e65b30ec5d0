/** The scripts that a customer's package.json gets: their names are those that Hookgate's messages and docs name. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  test: 'node --test "{handlers,providers}/*.test.ts"',
  ...Object.fromEntries(
    [
      ...['start', 'send', 'demo', 'synth', 'diff', 'deploy', 'upgrade-check', 'ops', 'console', 'mcp', 'cost'],
      ...['capacity', 'providers', 'new-provider'],
    ].map((name) => [name, `hookgate ${name}`]),
  ),
};

/** The test script that npm writes into a new package.json. */
const PLACEHOLDER = 'echo "Error: no test specified" && exit 1';

/** The parts of a package.json that are looked at. */
export interface Manifest {
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A package.json with the scripts in it that it lacks: what somebody has written there stays. */
export function withScripts<Given extends Manifest>(manifest: Given): Given & Manifest {
  const own = Object.entries(manifest.scripts ?? {}).filter(([, script]) => script !== PLACEHOLDER);
  return { ...manifest, type: 'module', scripts: { ...SCRIPTS, ...Object.fromEntries(own) } };
}
