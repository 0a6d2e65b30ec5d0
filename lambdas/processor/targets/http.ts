import { numberSetting, setting } from '../../adapters/environment.ts';
import { cachedSecrets } from '../../adapters/secrets.ts';
import { errorCode, errorName } from '../../core/errors.ts';
import { PermanentError } from '../../core/permanent-error.ts';
import { failureOf, isSigningSecret, targetRequest } from '../../core/process/http-target.ts';
import { failure, oneByOne, target, timeoutMs } from './deliver.ts';

/** A failed read of the secret fails the tries until it can be read: the log of the processor says which error it was. */
const UNOBSERVED = { secretReadFailed: () => undefined, secretRefused: () => undefined };

const secrets = cachedSecrets({
  secretArn: setting('secretArn'),
  previousGraceMs: numberSetting('previousGraceSeconds', 0) * 1000,
  clock: () => Date.now(),
  observer: UNOBSERVED,
});

/**
 * Forwards each event to a URL. A redirect is not followed: the URL is the customer's own word, and an answer's is not. Nothing of
 * the answer but its status is read.
 */
export const makeHandler = oneByOne(async (task) => {
  const [first, ...others] = (await secrets.read()).map(({ value }) => value).filter(isSigningSecret);
  if (first === undefined) throw failure('no_secret');
  const { headers, body } = targetRequest(task, [first, ...others], new Date());
  const signal = AbortSignal.timeout(timeoutMs);
  const init = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
  const response = await fetch(target, init).catch((error: unknown) => {
    throw failure(signal.aborted ? 'http_timed_out' : `http_connection_${errorCode(error) ?? errorName(error)}`);
  });
  await response.body?.cancel().catch(() => undefined);
  const failed = failureOf(response.status);
  if (failed?.isPermanent) throw new PermanentError(failed.name);
  if (failed) throw failure(failed.name);
});
