import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A change of one of the product's files. */
export interface Mutant {
  /** Relative to the repository. */
  readonly file: string;
  /** Whether the operators' commands are loaded again too, with what they share with the functions. */
  readonly isOperators: boolean;
  change(text: string): string;
}

/** The folders of the product that the explorer runs. */
const LAMBDAS = /^lambdas\/(core|adapters|providers)\/|^lambdas\/contract\.ts$/;
const DESK = /^(cli|lib\/config)\//;

/**
 * Has this process load mutants of the product: modules whose URL has a mutant's query, and all product modules that these import.
 * Their types are stripped once for all mutants. Returns a function that takes a mutant and returns its query.
 */
export function loadMutants(root: string): (mutant: Mutant) => string {
  const mutants: Mutant[] = [];
  const stripped = new Map<string, string>();
  const mutantOf = (url: string | undefined): { readonly query: string; readonly mutant: Mutant } | undefined => {
    const query = /\?mutant=(\d+)$/.exec(url ?? '');
    const mutant = mutants[Number(query?.[1])];
    return query && mutant ? { query: query[0], mutant } : undefined;
  };
  const pathOf = (url: string): string => relative(root, fileURLToPath(url)).replaceAll(sep, '/');
  const strip = (text: string): string => stripTypeScriptTypes(text, { mode: 'strip' });
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const parent = mutantOf(context.parentURL);
      if (!parent || !resolved.url.startsWith('file:') || resolved.url.includes('?')) return resolved;
      const path = pathOf(resolved.url);
      const isPart = LAMBDAS.test(path) || (parent.mutant.isOperators && DESK.test(path));
      return isPart ? { ...resolved, url: resolved.url + parent.query } : resolved;
    },
    load(url, context, next) {
      const found = mutantOf(url);
      if (!found) return next(url, context);
      const path = pathOf(url);
      const read = (): string => readFileSync(fileURLToPath(url), 'utf8');
      const isChanged = path === found.mutant.file;
      const source = isChanged ? strip(found.mutant.change(read())) : (stripped.get(path) ?? strip(read()));
      if (!isChanged) stripped.set(path, source);
      return { format: 'module', source, shortCircuit: true };
    },
  });
  return (mutant) => `?mutant=${mutants.push(mutant) - 1}`;
}
