import { ESLint } from 'eslint';
import type { Linter } from 'eslint';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import tseslint from 'typescript-eslint';

/** Rules of ESLint's names, as eslint.config.js turns them on for a file: `error` and the options. */
export type Rules = Readonly<Record<string, readonly ['error', ...unknown[]]>>;

/** Files for which eslint.config.js says the same, and the tool that runs each of their rules. */
export interface Group {
  /** Relative to the repository. */
  readonly files: readonly string[];
  readonly globals: Readonly<Record<string, unknown>>;
  readonly oxlint: Rules;
  /** Typed rules that oxlint cannot pass on to its type checker, tsgolint, which knows them. */
  readonly tsgolint: Rules;
  readonly eslint: Rules;
}

const TYPESCRIPT = '@typescript-eslint/';

/** Mistakes that no module can contain, since strict mode makes each a syntax error: every tool refuses the file. */
export const REFUSED_BY_PARSERS: ReadonlySet<string> = new Set(['no-octal', 'no-dupe-args']);

/** The name under which oxlint knows a rule of ESLint; undefined if it does not. */
export function oxlintNames(): (rule: string) => string | undefined {
  const listed = execFileSync(process.execPath, ['node_modules/oxlint/bin/oxlint', '--rules', '--format', 'json']);
  const rules = JSON.parse(listed.toString()) as { readonly scope: string; readonly value: string }[];
  const known = new Set(rules.map(({ scope, value }) => `${scope}/${value}`));
  return (rule) => {
    const name = rule.startsWith(TYPESCRIPT) ? rule.slice(TYPESCRIPT.length) : rule;
    // A rule of typescript-eslint that extends one of ESLint's has no name of its own in oxlint.
    const candidates = rule.startsWith(TYPESCRIPT) ? [`typescript/${name}`, name] : [name];
    return candidates.find((candidate) => known.has(candidate.includes('/') ? candidate : `eslint/${candidate}`));
  };
}

/** Every file that ESLint would lint, below the working directory. */
async function lintedFiles(eslint: ESLint, directory = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of readdirSync(join('.', directory), { withFileTypes: true })) {
    const path = join(directory, entry.name);
    // ESLint tells of files alone: a directory is ignored if any file in it would be.
    const asked = entry.isDirectory() ? join(path, 'any.js') : path;
    if (!/\.([cm]?js|tsx?)$/.test(asked) || (await eslint.isPathIgnored(asked))) continue;
    if (entry.isDirectory()) found.push(...(await lintedFiles(eslint, path)));
    else if (entry.isFile()) found.push(path.replaceAll('\\', '/'));
  }
  return found;
}

/**
 * Deals out the rules of eslint.config.js, which editors and `npx eslint` read, to the tools that run them. oxlint runs most of
 * them, and the typed ones in a fifth of ESLint's time; ESLint runs what no other tool knows. No rule is left out.
 */
export async function lintPlan(): Promise<Group[]> {
  const eslint = new ESLint();
  const nameOf = oxlintNames();
  const groups = new Map<string, { readonly files: string[]; readonly config: Linter.Config }>();
  for (const file of await lintedFiles(eslint)) {
    const config = (await eslint.calculateConfigForFile(file)) as Linter.Config;
    const key = JSON.stringify([config.rules, config.languageOptions?.globals, file.endsWith('.cjs')]);
    const group = groups.get(key) ?? { files: [], config };
    groups.set(key, group);
    group.files.push(file);
  }
  return [...groups.values()].map(({ files, config }): Group => {
    const on = Object.entries(config.rules ?? {}).flatMap(([rule, setting]) => {
      const [severity, ...options] = Array.isArray(setting) ? (setting as unknown[]) : [setting];
      const given = isDeepStrictEqual(options, ruleOf(rule)?.meta?.defaultOptions) ? [] : options;
      return severity === 0 || severity === 'off' ? [] : [[rule, ['error', ...given] as const] as const];
    });
    const isModule = !files.some((file) => file.endsWith('.cjs'));
    const toolOf = (rule: string): 'oxlint' | 'tsgolint' | 'eslint' | undefined => {
      if (nameOf(rule) !== undefined) return 'oxlint';
      if (needsTypes(rule)) return 'tsgolint';
      return isModule && REFUSED_BY_PARSERS.has(rule) ? undefined : 'eslint';
    };
    const rulesOf = (tool: 'oxlint' | 'tsgolint' | 'eslint'): Rules =>
      Object.fromEntries(on.filter(([rule]) => toolOf(rule) === tool));
    return {
      ...{ files, globals: (config.languageOptions?.globals ?? {}) as Group['globals'] },
      oxlint: Object.fromEntries(Object.entries(rulesOf('oxlint')).map(([rule, set]) => [nameOf(rule) ?? rule, set])),
      ...{ tsgolint: rulesOf('tsgolint'), eslint: rulesOf('eslint') },
    };
  });
}

/** The parts of a rule that are read here. */
interface Rule {
  readonly meta?: {
    readonly defaultOptions?: readonly unknown[];
    readonly docs?: { readonly requiresTypeChecking?: boolean };
  };
}

/** ESLint's own rules. It publishes them to no other door; their type is said to be deprecated for that reason. */
const { builtinRules: BUILT_IN } = createRequire(import.meta.url)('eslint/use-at-your-own-risk') as {
  readonly builtinRules: ReadonlyMap<string, Rule>;
};

const ruleOf = (name: string): Rule | undefined =>
  name.startsWith(TYPESCRIPT)
    ? (tseslint.plugin as { readonly rules?: Readonly<Record<string, Rule>> }).rules?.[name.slice(TYPESCRIPT.length)]
    : BUILT_IN.get(name);

const needsTypes = (name: string): boolean => ruleOf(name)?.meta?.docs?.requiresTypeChecking === true;
