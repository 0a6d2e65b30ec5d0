import { expect, it } from '@jest/globals';
import { recoveryRun } from './recovery.ts';

// `npm run fhir` runs it with 10,000.
it('every event that the server still had is processed once, and the others are named', async () => {
  const { flaws, counts, writtenOff } = await recoveryRun(600);
  expect(flaws).toEqual([]);
  expect(counts).toMatchObject({ happened: 600, processed: 600 - counts.writtenOff });
  expect(counts.writtenOff).toBeGreaterThan(0);
  expect(writtenOff.length).toBeGreaterThan(0);
});
