import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import template from '../../../examples/new-provider/provider.ts';

/** A provider that the contract suite runs over, with its files. Paths are relative to the working directory, or absolute. */
export interface Subject {
  readonly provider: Provider;
  readonly file: string;
  /** The folder of its signatures that were computed elsewhere. */
  readonly cases: string;
  readonly page: string;
}

/** The files of the customer's own providers, by `npm run test:mine`; none in `npm test`. */
const mine = JSON.parse(process.env.HOOKGATE_MINE ?? '[]') as readonly string[];

/** Whether the suite runs over a customer's own providers, and not over the catalogue. */
export const isMine = mine.length > 0;

async function ownSubject(file: string): Promise<Subject> {
  const { default: provider } = (await import(pathToFileURL(file).href)) as { readonly default: Provider };
  const cases = join(dirname(file), provider.name);
  return { provider, file, cases, page: join(cases, 'README.md') };
}

const catalogued = [...providers.values()].map((provider): Subject => {
  const { name } = provider;
  const file = `lambdas/providers/${name}.ts`;
  return { provider, file, cases: `test/fixtures/${name}`, page: `docs/providers/${name}.md` };
});

const EXAMPLE = 'examples/new-provider';

/** All whose files must be complete. */
export const complete: readonly Subject[] = isMine ? await Promise.all(mine.map(ownSubject)) : catalogued;

/** All that keep the contract: the template of a new provider does too, although much of it is still to be filled in. */
const subjects: readonly Subject[] =
  isMine || providers.has(template.name)
    ? complete
    : [...complete, { provider: template, file: `${EXAMPLE}/provider.ts`, cases: EXAMPLE, page: `${EXAMPLE}/page.md` }];

/** The providers that the contract suite runs over, by name. */
export const underTest: ReadonlyMap<string, Provider> = new Map(
  subjects.map(({ provider }) => [provider.name, provider]),
);

/** The folder of a provider's signatures that were computed elsewhere. */
export const casesOf = (name: string): string =>
  subjects.find(({ provider }) => provider.name === name)?.cases ?? `test/fixtures/${name}`;
