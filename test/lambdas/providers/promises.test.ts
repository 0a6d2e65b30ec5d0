import { expect, it } from '@jest/globals';
import { providers } from '../../../lambdas/providers/index.ts';

// What the providers' documents say, once more and in one place: a provider's file is changed only where its document is.
it.each([
  { name: 'optum', rejectionStatus: 400, retryHorizonSeconds: 0, defaultWindowDays: 365, secretMadeBy: 'customer' },
  {
    name: 'osigu',
    rejectionStatus: 401,
    retryHorizonSeconds: 259_200,
    replayWindowSeconds: 300,
    defaultWindowDays: 14,
  },
  { name: 'honeybee', rejectionStatus: 401, retryHorizonSeconds: 0, defaultWindowDays: 365, signsUrl: true },
  { name: 'nvsep', rejectionStatus: 401, retryHorizonSeconds: 727_200, defaultWindowDays: 365 },
  { name: 'nabla', rejectionStatus: 401, retryHorizonSeconds: 0, replayWindowSeconds: 60, defaultWindowDays: 14 },
])('$name keeps to its document', ({ name, ...promises }) => {
  const provider = providers.get(name);
  expect(provider).toMatchObject({ secretMadeBy: 'provider', ...promises });
  expect(provider?.replayWindowSeconds).toBe(promises.replayWindowSeconds);
  expect(provider?.signsUrl).toBe(promises.signsUrl);
});
