import { encodeKey, eventKeyOf } from '../../lambdas/core/event-key.ts';
import type { HttpResponse } from '../../lambdas/core/http/http.ts';
import { readProgress } from '../../lambdas/core/poll/numbered/progress.ts';
import type { Progress } from '../../lambdas/core/poll/numbered/progress.ts';
import { notification } from '../lambdas/providers/fhir/notifications.ts';
import { START } from './gateway.ts';
import type { Gateway } from './gateway.ts';
import { BY_KEY } from './identities.ts';
import type { Identity } from './identities.ts';
import { FHIR_OPTIONS } from './numbered-scenarios.ts';
import { Poller } from './poller.ts';
import type { ProviderApi } from './poller.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { Actor, BoundedScenario } from './staging.ts';

const SUBSCRIPTION = '7';
const MINUTE_MS = 60_000;

/** A server that has counted some events, and refuses each question about some of them for a while. */
interface Server {
  readonly count: number;
  /** Whether it refuses a question about this number, so many milliseconds after the start. */
  readonly refuses: (number: number, after: number) => boolean;
}

const answer = (status: number, body = ''): HttpResponse => ({ status, headers: new Map(), body });

const textOf = (...numbers: readonly number[]): string =>
  notification({
    ...{ type: 'query-event', count: '9' },
    events: numbers.map((number) => ({ number: String(number), focus: `Encounter/${number}` })),
  });

const keyOf = (number: number): string => encodeKey(eventKeyOf(`${SUBSCRIPTION}/${number}`));
const holds = (ranges: Progress['writtenOff'] | Progress['missing'], number: number) =>
  ranges.some(({ from, to }) => from <= number && number <= to);

/** Watches what the poller notes of each number: none passes in silence, and none is given up that the server would give. */
function refusingApi(gateway: Gateway, { count, refuses }: Server): ProviderApi {
  const { simulation, table, promises } = gateway;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const isRefused = (number: number): boolean => refuses(number, simulation.now - START);
  const isNeverGiven = (number: number): boolean => refuses(number, Infinity);
  const found = new Set<number>();
  let hasAnswered = false;
  const progress = (): Progress | undefined => {
    const item = table.all().find(({ pk }) => pk?.S === `cursor#${gateway.source.name}`);
    return readProgress(item?.progress?.S).get(SUBSCRIPTION);
  };
  const isSafe = (number: number): boolean =>
    table.all().some(({ eventKey, status }) => eventKey?.S === keyOf(number) && status?.S !== 'PENDING');

  return {
    answer({ url }) {
      if (url.endsWith('$status')) return answer(200, notification({ type: 'query-status', count: String(count) }));
      const [, from, to] = /eventsSinceNumber=(\d+)&eventsUntilNumber=(\d+)/.exec(url) ?? [];
      const asked = numbers.filter((number) => number >= Number(from) && number <= Number(to));
      if (asked.some(isRefused)) return answer(500);
      hasAnswered = true;
      return answer(200, textOf(...asked));
    },
    ended() {
      const { seen = 0n, missing = [], writtenOff = [] } = progress() ?? {};
      for (const number of numbers) {
        const isNoted = number > seen || holds(missing, number) || holds(writtenOff, number);
        simulation.promise(isNoted || isSafe(number), () => `number ${number} is passed over, and is not safe`);
        const isLost = holds(writtenOff, number) && !isNeverGiven(number);
        simulation.promise(!isLost, () => `number ${number} is written off, and the server gives it`);
        const isTold = missing.some((gap) => gap.isTold && holds([gap], number));
        simulation.promise(!isTold || hasAnswered, () => `number ${number} is told, and the server answers nothing`);
      }
    },
    polled() {
      const receivedAt = simulation.now;
      for (const number of numbers) {
        if (isRefused(number) || found.has(number)) continue;
        found.add(number);
        promises.acknowledged({ key: keyOf(number), bodyHash: '', receivedAt, fate: 'processed' });
      }
    },
    isDone: () => progress()?.missing.length === 0,
    state: () => `${hasAnswered} ${[...found].join()}`,
  };
}

/** The server writes an event again, beside the others that it was asked for: its key says which it is. */
const BY_NUMBER: Identity = { ...BY_KEY, isDone: (acknowledged, processed) => acknowledged.key === processed.key };

/** A server refuses a window of missed numbers because of one of them, or all that it is asked. */
export function refusingScenarios(product: Product): BoundedScenario[] {
  const scenario = staging(product);
  const polling =
    (server: Server): Actor =>
    (gateway) =>
      new Poller(gateway, refusingApi(gateway, server));
  const settings = { provider: product.fhir, options: { ...FHIR_OPTIONS, writeOffHours: 1 }, identity: BY_NUMBER };

  return [
    scenario(
      'refused window',
      'A server refuses each window in which one of three numbers is, for a while: the others are fetched at once, and it later.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [polling({ count: 3, refuses: (number, after) => number === 2 && after < 20 * MINUTE_MS }), processor],
      settings,
    ),
    scenario(
      'refused for good',
      'A server never gives one of three numbers: it is told, waited for and written off, and no other one is.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [polling({ count: 3, refuses: (number) => number === 2 }), processor],
      settings,
    ),
    scenario(
      'server out of order',
      'A server answers no question for longer than a number is waited for: nothing is told or written off, and all is fetched then.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [
        providers({ name: 'number 1', body: textOf(1), fate: 'processed' }),
        ...[polling({ count: 2, refuses: (_number, after) => after < 70 * MINUTE_MS }), processor],
      ],
      settings,
    ),
    scenario(
      'out of order since',
      'A server answers no question for some time after it has not given a number for once: the number is not written off.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [
        providers({ name: 'number 1', body: textOf(1), fate: 'processed' }),
        polling({ count: 2, refuses: (_number, after) => after > 5 * MINUTE_MS && after < 80 * MINUTE_MS }),
        processor,
      ],
      settings,
    ),
  ];
}
