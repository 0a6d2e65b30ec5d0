/** Explores every mutant, and prints what was found as JSON: see mutations.thorough.test.ts. */
import { exploreMutant } from './mutants.ts';
import { HARMLESS, MUTATIONS } from './mutations.ts';

const reports = [];
for (const mutation of [...MUTATIONS, ...HARMLESS])
  reports.push({ mutation: mutation.name, ...(await exploreMutant(process.cwd(), mutation)) });
console.log(JSON.stringify(reports));
