import { join, relative, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/*
 * Where things are. Hookgate runs from its repository, as TypeScript, and from a package that is installed in a customer's own
 * repository, as JavaScript in the same folders. Nothing of the package is looked for from the current directory.
 */

/** The root of Hookgate's own code, docs and examples: the repository, or the package's `dist`. It ends with a separator. */
export const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Whether this is the package: Node runs no TypeScript below `node_modules`, so the package is compiled. */
export const IS_COMPILED = import.meta.url.endsWith('.js');

/** The absolute path of a file of Hookgate's code, by its path in the repository: `lambdas/verifier/handler.ts`. */
export const codeFile = (path: string): string =>
  join(PACKAGE, IS_COMPILED ? path.replace(/(?<!\.d)\.ts$/, '.js') : path);

/** The outermost `node_modules` that a path is in; undefined if it is in none. */
export function installedIn(path: string): string | undefined {
  const parts = path.split(sep);
  const at = parts.indexOf('node_modules');
  return at < 0 ? undefined : parts.slice(0, at + 1).join(sep);
}

const modules = installedIn(PACKAGE);

/** The file in which npm lists the packages that it has installed. */
export const INSTALLED_PACKAGES = join(modules ?? join(PACKAGE, 'node_modules'), '.package-lock.json');

/**
 * The folder for what Hookgate makes on this machine and can make again. It is below the customer's `node_modules` if Hookgate is
 * installed, which is in no repository and belongs to the same user; a shared folder could hold another user's code.
 */
export const MADE = modules === undefined ? join(PACKAGE, '.hookgate') : join(modules, '.cache/hookgate');

/** The folder that messages name the customer's files relative to: the repository, or where a customer has called the package. */
export const shownFrom = (): string => (IS_COMPILED ? process.cwd() : PACKAGE);

/** A path of the customer's, as messages name it. */
export const shownPath = (path: string): string => relative(shownFrom(), path);
