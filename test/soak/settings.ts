import { resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';

/** The source whose handler hangs, exits and fills its memory now and then. */
export const UNRULY = 'unruly';
/** The ordered source behind whose handler something is down for a while, and some of whose events never succeed. */
export const FAILING = 'failing';
/** The source with targets: a URL behind which a receiver is down for a while, and a queue. Each wants some types alone. */
export const FORWARDING = 'forwarding';
/** The types of its events, by the targets that want them. */
export const TYPES = { both: 'to.both', url: 'to.url', queue: 'to.queue', none: 'to.none' } as const;
/** The queue behind its target of that kind, and behind no function. */
export const TARGET_QUEUE = 'forwarded.fifo';
/** The source whose events are ordered, of a run that loads no other. */
export const ORDERED = 'ordered';

/** By its environment a run says where the receiver of its HTTP targets is, and so does the process of its gateway. */
export const RECEIVER = 'SOAK_RECEIVER';

/** An address at which nobody listens stands for the receiver of a configuration that is only looked at. */
const url = (): string => process.env[RECEIVER] ?? 'http://127.0.0.1:9/events';

/**
 * The gateway that the runs load: every provider, publishing to the bus, a source with an unruly handler, one with a failing one,
 * one with targets, and short times, so that what has to come back comes back within the run: a message that failed after 60 s, and
 * a lease that nobody gave back after 20 s.
 */
const settings = (): Settings => ({
  stage: 'soak',
  sources: {
    optum: { provider: 'optum', poll: { everyMinutes: 1 } },
    osigu: { provider: 'osigu', environment: 'production' },
    honeybee: { provider: 'honeybee' },
    nvsep: { provider: 'nvsep' },
    nabla: { provider: 'nabla' },
    [FAILING]: {
      ...{ provider: 'osigu', environment: 'production', handler: './test/soak/failing-handler.ts' },
      order: { by: 'data.account' },
    },
    [UNRULY]: { provider: 'osigu', environment: 'production', handler: './test/soak/unruly-handler.ts' },
    [FORWARDING]: {
      ...{ provider: 'osigu', environment: 'production', handler: './test/soak/forwarding-handler.ts' },
      targets: [
        { name: 'url', kind: 'http', url: url(), timeoutSeconds: 1, types: [TYPES.url, '*.both'] },
        {
          ...{ name: 'queue', kind: 'sqs', arn: `arn:aws:sqs:us-east-1:000000000000:${TARGET_QUEUE}` },
          types: [TYPES.queue, TYPES.both],
        },
      ],
    },
  },
  processor: { timeoutSeconds: 10, batchSize: 10, maxConcurrency: 2 },
  // A run is minutes long: an event that met a fault must not wait for half an hour.
  retry: { attempts: 5, firstDelaySeconds: 1, maxDelaySeconds: 10 },
});

/** By its environment a run says that it is the ordered one, and so does the process of its gateway. */
export const ORDERED_RUN = 'ORDERED_RUN';

/** A batch whose processor was killed comes back after 30 s: the shorter the time-out, the sooner. */
const orderedSettings = (): Settings => ({
  ...settings(),
  sources: {
    [ORDERED]: {
      ...{ provider: 'optum', order: { by: 'data.patientId' } },
      ...{ handler: './test/soak/forwarding-handler.ts', targets: [{ name: 'url', kind: 'http', url: url() }] },
    },
  },
  processor: { ...settings().processor, timeoutSeconds: 5 },
});

export const soakConfig = (fakeProviders: string): HookgateConfig => {
  const isOrdered = process.env[ORDERED_RUN] !== undefined;
  return resolveConfig(withFakeProviders(isOrdered ? orderedSettings() : settings(), fakeProviders));
};
