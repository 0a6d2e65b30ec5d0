import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { OperatorError } from '../../cli/operator-error.ts';
import { ConfigError } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { codeFile, MADE } from '../../lib/places.ts';
import { configText } from './config-text.ts';
import { mergeTemplates } from './merge.ts';
import type { SynthOutcome, SynthTask } from './synth.ts';
import { synthesisCache } from './synthesis-cache.ts';
import { Template, TemplateError } from './template.ts';

/** The synthesized stacks as one: their template, and the directories of their functions' code. */
export interface SynthesizedStack {
  /** The name of the stack that all sources share, which is the gateway's. */
  readonly name: string;
  readonly template: Template;
  /** The directory of a file asset, by the object key that the template gives it. */
  assetDirectory(objectKey: string): string;
}

const AssetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** Where assemblies of earlier starts are kept. */
const CACHE = join(MADE, 'synth');

export interface SynthesisOptions {
  /** Where assemblies are kept. Default: `.hookgate/synth` of the repository. */
  readonly cacheDirectory?: string;
  /** Ends the synthesis. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a process starts that synthesizes: when nothing of before can be used. */
  readonly onSynth?: () => void;
}

/**
 * The stack of a configuration, bundles included: of an earlier start if everything that it is made of is unchanged, else
 * synthesized in a process of its own. Throws an {@link OperatorError} that says what is wrong with a customer's file.
 */
export async function synthesize(config: HookgateConfig, options: SynthesisOptions = {}): Promise<SynthesizedStack> {
  const { cacheDirectory = CACHE, signal, onSynth } = options;
  const cache = synthesisCache(cacheDirectory);
  const text = configText(config);
  const known = cache.find(text);
  const stack = known === undefined ? undefined : readAssembly(known);
  if (stack) return stack;
  onSynth?.();
  const outdir = cache.begin();
  const inputs = await runSynth({ config: text, outdir }, signal).catch((error: unknown) => {
    rmSync(dirname(outdir), { recursive: true, force: true });
    throw error;
  });
  const made = readAssembly(cache.keep(text, outdir, inputs));
  if (!made) throw new TemplateError('the app has no stack, or its bundles are gone');
  return made;
}

/** The stacks in an assembly as one; undefined if they are not whole any more. */
function readAssembly(directory: string): SynthesizedStack | undefined {
  const ids = readdirSync(directory)
    .filter((name) => name.endsWith(MANIFEST))
    .map((name) => name.slice(0, -MANIFEST.length));
  // The stack that all sources share has the shortest id: theirs start with it.
  const [name] = ids.toSorted((one, other) => one.length - other.length);
  if (name === undefined) return undefined;
  const directories = new Map(ids.flatMap((id) => assetsOf(directory, id)));
  if (![...directories.values()].every((path) => existsSync(path))) return undefined;
  const templates = ids.map((id) => Template.parse(readJson(join(directory, `${id}.template.json`))));
  return {
    name,
    template: mergeTemplates(templates),
    assetDirectory(objectKey) {
      const found = directories.get(objectKey);
      if (found === undefined) throw new TemplateError(`the asset manifest has no ${objectKey}`);
      return found;
    },
  };
}

/** The directories of a stack's assets, by object key. */
function assetsOf(directory: string, stack: string): (readonly [string, string])[] {
  const { files } = AssetManifest.parse(readJson(join(directory, stack + MANIFEST)));
  return Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(directory, source.path)] as const),
  );
}

const MANIFEST = '.assets.json';

/**
 * The CDK context of the synthesis, beside the configuration: functions are not copied into the assembly, because they are
 * where the bundler put them.
 */
const CONTEXT = { 'aws:cdk:disable-asset-staging': true };

/** Runs the synthesis; resolves to the files that the bundles were made of. */
async function runSynth(task: SynthTask, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const child = fork(codeFile('local/template/synth.ts'), {
    env: { ...withoutAws(process.env), CDK_CONTEXT_JSON: JSON.stringify(CONTEXT) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  let written = '';
  child.stderr?.on('data', (data: Buffer) => (written = (written + data.toString()).slice(-2_000)));
  let outcome: SynthOutcome | undefined;
  child.once('message', (message) => (outcome = message as SynthOutcome));
  child.send(task);
  await once(child, 'close');
  signal?.removeEventListener('abort', kill);
  signal?.throwIfAborted();
  if (process.env.HOOKGATE_DEBUG === '1') process.stderr.write(written);
  if (!outcome) throw new Error(`the synthesis ended before it was done: ${written.trim().split('\n').at(-1) ?? ''}`);
  if ('problems' in outcome) throw new ConfigError(outcome.problems, outcome.file);
  if ('problem' in outcome) throw new OperatorError(outcome.problem);
  return outcome.inputs;
}

/** The environment without this machine's account and region: they are not for the gateway that runs here. */
const withoutAws = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS|CDK)_|^NODE_OPTIONS$/.test(name)));

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
