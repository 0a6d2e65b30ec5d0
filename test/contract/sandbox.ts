import { execFile, execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Given, Outcome } from './program.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const NODE = join(REPOSITORY, 'node_modules/.bin/node');
const PROGRAM = join(REPOSITORY, 'test/contract/program.ts');
/** Made by tools: not part of what a customer checks out. */
const NOT_COPIED = ['node_modules', '.git', 'cdk.out', '.hookgate', 'coverage'];

/** A checkout of the repository with a configuration of its own: what a customer has, and nothing of this one's. */
export interface Sandbox {
  readonly directory: string;
  /** Node 24, as npm finds it for a script. */
  readonly node: string;
  /** The arguments of `node` in an npm script. */
  script(name: string): string[];
  /** Writes hookgate.config.ts with these settings, as TypeScript. */
  configure(settings: string): void;
  /** Runs the program of cdk.json, which writes a cloud assembly: what `npm run synth` does, but for the CDK's CLI. */
  app(outdir: string): Promise<Outcome>;
  /** Runs an npm script without npm, which takes half a second by itself. */
  run(script: string, given?: readonly string[], env?: NodeJS.ProcessEnv, input?: string): Promise<Outcome>;
  /** Runs an npm script that is a program of TypeScript once more, in a process that keeps what it imports: see program.ts. */
  runAgain(script: string, given?: readonly string[], env?: NodeJS.ProcessEnv, input?: string): Promise<Outcome>;
  remove(): void;
}

export function sandbox(): Sandbox {
  const directory = mkdtempSync(join(tmpdir(), 'hookgate-contract-'));
  for (const path of trackedFiles()) cpSync(join(REPOSITORY, path), join(directory, path), { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'));
  const { scripts } = readJson(join(directory, 'package.json')) as { scripts: Record<string, string> };
  const script = (name: string): string[] => {
    const [program = '', ...given] = (scripts[name] ?? `there is no npm script ${name}`).split(' ');
    if (program === 'node') return given;
    return [join(directory, 'node_modules/.bin', program), ...given];
  };
  const execute = (given: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Outcome> =>
    new Promise((resolve) => {
      const options = { cwd: directory, env: environment(env), maxBuffer: 1e8 };
      const child = execFile(NODE, given, options, (error, out, err) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
      });
      child.stdin?.end(input);
    });
  const programs = new Map<string, ChildProcess>();
  const programOf = (name: string): ChildProcess => {
    const file = script(name).find((word) => word.endsWith('.ts')) ?? '';
    const options = { cwd: directory, env: environment({}), execPath: NODE, execArgv: [] };
    const started = programs.get(name) ?? fork(PROGRAM, [join(directory, file)], options);
    programs.set(name, started);
    return started;
  };
  return {
    directory,
    node: NODE,
    script,
    configure: (settings) => {
      writeFileSync(join(directory, 'hookgate.config.ts'), configuration(settings));
    },
    app(outdir) {
      const { app } = readJson(join(directory, 'cdk.json')) as { app: string };
      return execute(app.split(' ').slice(1), { CDK_OUTDIR: join(directory, outdir) });
    },
    run: (name, given = [], env = {}, input = '') => execute([...script(name), ...given], env, input),
    async runAgain(name, given = [], env = {}, input = '') {
      const task: Given = { args: given, env: environment(env), input };
      programOf(name).send(task);
      const [outcome] = (await once(programOf(name), 'message')) as [Outcome];
      return outcome;
    },
    remove: () => {
      for (const program of programs.values()) program.kill();
      rmSync(directory, { recursive: true, maxRetries: 3 });
    },
  };
}

/** The environment of a command: this one's without what would configure a gateway. */
export function environment(changes: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(HOOKGATE_|AWS_|CDK_|PORT$|NODE_OPTIONS$)/.test(name));
  const path = `${join(REPOSITORY, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
  return { ...Object.fromEntries(own), PATH: path, ...changes };
}

/** The one import is the line that every customer's file has. */
const configuration = (settings: string): string =>
  `import { defineConfig } from '${defineConfigPath()}';\n\nexport default defineConfig(${settings});\n`;

const IMPORT = /^import \{ defineConfig \} from '(\.[^']+)';$/gm;

/** Where defineConfig is imported from in the repository's own file. */
function defineConfigPath(): string {
  const text = readFileSync(join(REPOSITORY, 'hookgate.config.ts'), 'utf8');
  const [line, ...more] = text.matchAll(IMPORT);
  if (!line?.[1] || more.length > 0) throw new Error('hookgate.config.ts must have one line `import { defineConfig }`');
  return line[1];
}

/** Every file that git knows or would add; all there is when this is not a checkout. */
function trackedFiles(): string[] {
  try {
    const git = (...given: string[]): string[] =>
      execFileSync('git', ['ls-files', '-z', ...given], {
        cwd: REPOSITORY,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).split('\0');
    const listed = git('-co', '--exclude-standard');
    const deleted = new Set(git('-d'));
    return listed.filter((path) => path !== '' && !deleted.has(path) && basename(path) !== 'node_modules');
  } catch {
    return readdirSync(REPOSITORY).filter((name) => !NOT_COPIED.includes(name));
  }
}

export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8')) as unknown;
