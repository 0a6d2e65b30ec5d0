import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exploreForLeast } from './explore.ts';
import type { Exploration } from './explore.ts';
import type { Mutation } from './mutations/mutation.ts';
import { loadProduct } from './product.ts';
import { scenarios } from './scenarios.ts';

export interface MutantReport extends Exploration {
  readonly mutation: string;
}

/** The folders of the product that the explorer runs. */
const LAMBDAS = ['core', 'adapters', 'providers', 'contract.ts'].map((part) => join('lambdas', part));
const DESK = ['cli', join('lib', 'config')];

/** Applies a mutation to a copy of the product, and explores the scenario in which it has to be caught. */
export async function exploreMutant(root: string, mutation: Mutation): Promise<Exploration> {
  // Inside the repository, so that the copy finds the packages; ignored by git and by the linters.
  const folder = join(root, '.hookgate');
  await mkdir(folder, { recursive: true });
  const mutant = await mkdtemp(join(folder, 'mutant-'));
  try {
    const isOperators = mutation.file.startsWith('cli/');
    for (const part of isOperators ? [...LAMBDAS, ...DESK] : LAMBDAS)
      await cp(join(root, part), join(mutant, part), { recursive: true });
    const path = join(mutant, mutation.file);
    await writeFile(path, mutate(await readFile(path, 'utf8'), mutation));
    const scenario = scenarios(await loadProduct(mutant, isOperators ? mutant : root)).find(
      ({ name }) => name === mutation.scenario,
    );
    if (!scenario) throw new Error(`no scenario "${mutation.scenario}"`);
    return await exploreForLeast(scenario, mutation.bounds ?? scenario.small);
  } finally {
    await rm(mutant, { recursive: true, force: true });
  }
}

/** Throws if the text does not hold what is to be replaced exactly once: the mutation would be another, or none. */
export function mutate(text: string, { name, file, from, to }: Mutation): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`"${name}": ${file} holds its text ${parts.length - 1} times`);
  return parts.join(to);
}
