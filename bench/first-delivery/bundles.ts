import { buildSync } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Provider } from '../../lambdas/core/provider.ts';
import { BUNDLE_OPTIONS, CREDENTIALS_OF_LAMBDA } from '../../lib/bundle.ts';
import { REPOSITORY } from '../../lib/config/config.ts';
import { registeredFile } from '../../lib/config/provider-file.ts';

/** The key that a provider publishes is at hand, as after the first delivery. */
const PUBLISHED_KEYS = `
  const key = require('node:crypto').createPublicKey(process.env.BENCH_KEY);
  exports.publishedKeys = () => ({ get: () => Promise.resolve(key) });`;

/** Bundles a function as it is deployed, but for the SDK's HTTP handler, and returns the path of its code. */
function made(directory: string, entry: string, aliases: Readonly<Record<string, string>> = {}): string {
  mkdirSync(directory, { recursive: true });
  const alias = {
    ...CREDENTIALS_OF_LAMBDA,
    '@smithy/node-http-handler': join(REPOSITORY, 'bench/first-delivery/aws-in-memory.ts'),
    ...aliases,
  };
  const outfile = join(directory, 'index.js');
  buildSync({ ...BUNDLE_OPTIONS, alias, entryPoints: [join(REPOSITORY, entry)], outfile });
  const imports = { '#published-keys': './published-keys.js' };
  writeFileSync(join(directory, 'published-keys.js'), PUBLISHED_KEYS);
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'commonjs', imports }));
  return outfile;
}

/** The verifier of a provider. */
export function verifierBundle(directory: string, provider: Provider): string {
  const file = registeredFile(provider);
  if (!file) throw new Error(`${provider.name} has no file`);
  const own = join(directory, provider.name);
  mkdirSync(own, { recursive: true });
  const door = join(own, 'provider.ts');
  writeFileSync(door, `export { ${file.exportName} as provider } from ${JSON.stringify(file.path)};\n`);
  return made(own, 'lambdas/verifier/handler.ts', { '#provider': door });
}

/** The handler that does nothing but the primitive and the calls. */
export const bareBundle = (directory: string): string => made(join(directory, 'bare'), 'bench/first-delivery/bare.ts');
