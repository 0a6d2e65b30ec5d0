import { section, wholeNumber } from './checks.ts';

/** SQS counts 1,000 receives at most, and more than one of them can belong to a try. */
const MAX_ATTEMPTS = 400;
/**
 * SQS hides a message for 12 hours at most, counted from its receive: Lambda gathers a batch for five minutes of them at most, and an
 * invocation takes 15.
 */
const MAX_DELAY_SECONDS = 12 * 3_600 - 300 - 900;

const attempts = wholeNumber(1, MAX_ATTEMPTS);
const delay = wholeNumber(1, MAX_DELAY_SECONDS);

/**
 * When failed events are tried again, for all sources. The defaults try for 37 hours at least, and half an hour after an outage
 * every event has been tried again.
 */
export const retrySchema = section({
  attempts: attempts.default(100),
  firstDelaySeconds: delay.default(15),
  maxDelaySeconds: delay.default(1_800),
}).prefault({});

/** The same for one source, in the place of what is said for all. */
export const sourceRetrySchema = section({
  attempts: attempts.exactOptional(),
  firstDelaySeconds: delay.exactOptional(),
  maxDelaySeconds: delay.exactOptional(),
}).optional();

interface Delays {
  readonly firstDelaySeconds: number;
  readonly maxDelaySeconds: number;
}

interface Retried {
  readonly retry?: Partial<Delays> | undefined;
}

/** Says of which sources and targets the first delay is longer than the longest one. */
export const retryProblems = (settings: {
  readonly retry: Delays;
  readonly sources: Readonly<Record<string, Retried & { readonly targets?: readonly Retried[] | undefined }>>;
}): string[] =>
  Object.entries(settings.sources).flatMap(([name, source]) => {
    const retry = { ...settings.retry, ...source.retry };
    return [
      ...problemsOf(`sources.${name}`, retry),
      ...(source.targets ?? []).flatMap(({ retry: own = {} }, index) =>
        // A target that has both delays from its source has no problem of its own.
        own.firstDelaySeconds === undefined && own.maxDelaySeconds === undefined
          ? []
          : problemsOf(`sources.${name}.targets.${index}`, { ...retry, ...own }),
      ),
    ];
  });

const problemsOf = (path: string, { firstDelaySeconds, maxDelaySeconds }: Delays): string[] =>
  firstDelaySeconds <= maxDelaySeconds
    ? []
    : [`${path}.retry.firstDelaySeconds: must be at most maxDelaySeconds, which is ${maxDelaySeconds}`];
