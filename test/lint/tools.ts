import { ESLint } from 'eslint';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import tseslint from 'typescript-eslint';
import type { Group } from './plan.ts';

/** The outcome of a tool: whether it found nothing, and its report. */
export interface Outcome {
  readonly passed: boolean;
  readonly report: string;
}

/**
 * Runs oxlint with the rules that it knows, and TypeScript's own checks beside them: both need the same types. Its configuration
 * is in the folder that holds all files, while it runs: oxlint matches no path that leads out of there.
 */
export async function runOxlint(groups: readonly Group[], folder = '.'): Promise<Outcome> {
  const config = join(folder, `.oxlintrc-${process.pid}.json`);
  writeFileSync(config, JSON.stringify(oxlintConfig(groups, folder)));
  try {
    const options = ['--config', config, '--disable-nested-config', '--no-ignore', '--type-aware', '--type-check'];
    const files = groups.flatMap((group) => group.files);
    const { code, out } = await run(['node_modules/oxlint/bin/oxlint', ...options, ...files]);
    return { passed: code === 0, report: out.toString() };
  } finally {
    rmSync(config);
  }
}

const oxlintConfig = (groups: readonly Group[], folder: string) => ({
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  env: { builtin: true, es2024: true },
  overrides: groups.map(({ files, globals, oxlint }) => ({
    files: files.map((file) => relative(folder, file).replaceAll('\\', '/')),
    ...{ plugins: ['typescript'], globals, rules: oxlint },
  })),
});

/** A message of tsgolint about a file. */
interface Finding {
  readonly rule?: string;
  readonly file_path?: string | null;
  readonly range?: { readonly pos: number };
  readonly message: { readonly description: string };
}

const TYPESCRIPT = '@typescript-eslint/';

/** Asks oxlint's type checker about the rules that oxlint does not pass on to it, in the way that oxlint asks. */
export async function runTsgolint(groups: readonly Group[]): Promise<Outcome> {
  const configs = groups.flatMap(({ files, tsgolint }) => {
    const rules = Object.entries(tsgolint).map(([rule, [, options]]) => ({
      ...{ name: rule.slice(TYPESCRIPT.length), options },
    }));
    return rules.length === 0 ? [] : [{ file_paths: files.map((file) => resolve(file)), rules }];
  });
  if (configs.length === 0) return { passed: true, report: '' };
  const task = JSON.stringify({ version: 2, configs });
  const { code, out, err } = await run(['node_modules/oxlint-tsgolint/bin/tsgolint.js', 'headless'], task);
  const findings = [...messagesOf(out)].flatMap(describe);
  const report = [...findings, ...(code === 0 ? [] : [err.toString()])].join('\n');
  return { passed: code === 0 && findings.length === 0, report };
}

/** The bytes before a message: its length, and its type. */
const HEADER = 5;

function* messagesOf(out: Buffer): Generator {
  for (let at = 0; at < out.length;) {
    const end = at + HEADER + out.readUInt32LE(at);
    yield JSON.parse(out.toString('utf8', at + HEADER, end));
    at = end;
  }
}

/** A finding with its place, unless the line before takes it out; a message of any other kind is a failure of the tool. */
function describe(message: unknown): string[] {
  const { rule, file_path: file, range, message: what } = message as Finding;
  if (rule === undefined || file === undefined || file === null || range === undefined)
    return [JSON.stringify(message)];
  // tsgolint counts bytes.
  const lines = readFileSync(file).subarray(0, range.pos).toString('utf8').split('\n');
  const isAllowed = new RegExp(`eslint-disable-next-line [^-]*${TYPESCRIPT}${rule}\\b`).test(lines.at(-2) ?? '');
  return isAllowed ? [] : [`${relative('.', file)}:${lines.length}: ${what.description} (${TYPESCRIPT}${rule})`];
}

/** Runs ESLint with the rules that nothing else knows. They need no types. */
export async function runEslint(groups: readonly Group[]): Promise<Outcome> {
  const own = groups.filter(({ eslint }) => Object.keys(eslint).length > 0);
  if (own.length === 0) return { passed: true, report: '' };
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [
      { linterOptions: { reportUnusedDisableDirectives: 'off' } },
      { files: ['**/*.{ts,tsx}'], languageOptions: { parser: tseslint.parser } },
      ...own.map(({ files, globals, eslint: rules }) => ({
        ...{
          files: [...files],
          languageOptions: { globals },
          rules,
          plugins: { '@typescript-eslint': tseslint.plugin },
        },
      })),
    ] as NonNullable<ESLint.Options['overrideConfig']>,
  });
  const results = await eslint.lintFiles(own.flatMap(({ files }) => files));
  const formatter = await eslint.loadFormatter('stylish');
  const failed = ESLint.getErrorResults(results);
  return { passed: failed.length === 0, report: await formatter.format(failed) };
}

async function run(
  command: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly out: Buffer; readonly err: Buffer }> {
  const child = spawn(process.execPath, command, { stdio: 'pipe' });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (data: Buffer) => out.push(data));
  child.stderr.on('data', (data: Buffer) => err.push(data));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: Buffer.concat(out), err: Buffer.concat(err) };
}
