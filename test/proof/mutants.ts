import { exploreForLeast } from './explore.ts';
import type { Exploration } from './explore.ts';
import { loadMutants } from './mutant-loader.ts';
import type { Mutation } from './mutations/mutation.ts';
import { loadProduct } from './product.ts';
import { scenarios } from './scenarios.ts';

export interface MutantReport extends Exploration {
  readonly mutation: string;
}

let load: ReturnType<typeof loadMutants> | undefined;

/** Loads the product with a mutation, and explores the scenario in which it has to be caught. */
export async function exploreMutant(root: string, mutation: Mutation): Promise<Exploration> {
  load ??= loadMutants(root);
  const isOperators = mutation.file.startsWith('cli/');
  const query = load({ file: mutation.file, isOperators, change: (text) => mutate(text, mutation) });
  const product = await loadProduct(root, { query, operatorsQuery: isOperators ? query : '' });
  const scenario = scenarios(product).find(({ name }) => name === mutation.scenario);
  if (!scenario) throw new Error(`no scenario "${mutation.scenario}"`);
  return exploreForLeast(scenario, mutation.bounds ?? scenario.small);
}

/** Throws if the text does not hold what is to be replaced exactly once: the mutation would be another, or none. */
export function mutate(text: string, { name, file, from, to }: Mutation): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`"${name}": ${file} holds its text ${parts.length - 1} times`);
  return parts.join(to);
}
