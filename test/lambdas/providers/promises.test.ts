import { expect, it } from '@jest/globals';
import { defaultWindowDays, schemeOf } from '../../../lambdas/core/provider.ts';
import { providerNamed } from '../../../lambdas/providers/index.ts';

// The promises of the providers' documents, once more and in one place: a provider's file is changed only if its document is.
it.each([
  { name: 'optum', rejectionStatus: 400, retryHorizonSeconds: 0, windowDays: 365, madeBy: 'customer' },
  {
    name: 'osigu',
    rejectionStatus: 401,
    retryHorizonSeconds: 259_200,
    replayWindowSeconds: 300,
    windowDays: 14,
  },
  { name: 'honeybee', rejectionStatus: 401, retryHorizonSeconds: 0, windowDays: 365, signsUrl: true },
  { name: 'nvsep', rejectionStatus: 401, retryHorizonSeconds: 727_200, windowDays: 365 },
  { name: 'nabla', rejectionStatus: 401, retryHorizonSeconds: 0, replayWindowSeconds: 60, windowDays: 14 },
])('$name keeps to its document', ({ name, windowDays, madeBy = 'provider', ...promises }) => {
  const provider = providerNamed(name);
  const { replayWindowSeconds, signsUrl, ...others } = promises;
  expect(provider).toMatchObject({ secret: { madeBy }, ...others });
  expect(defaultWindowDays(provider)).toBe(windowDays);
  expect(schemeOf(provider, {}).replayWindowSeconds).toBe(replayWindowSeconds);
  expect(schemeOf(provider, {}).signsUrl).toBe(signsUrl);
});
