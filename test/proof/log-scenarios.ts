import { sha256 } from '../../lambdas/core/hash.ts';
import type { HttpResponse } from '../../lambdas/core/http/http.ts';
import { readJsonAnswer } from '../../lambdas/core/http/api-answer.ts';
import type { ApiCall, LoggedDelivery, LoggedEvent, LogPage, MissedLog } from '../../lambdas/core/missed-events.ts';
import { receivedBody } from '../../lambdas/core/received.ts';
import { ok } from '../../lambdas/core/result.ts';
import { Deliveries } from './deliveries.ts';
import { START } from './gateway.ts';
import type { Gateway } from './gateway.ts';
import { Poller } from './poller.ts';
import type { ProviderApi } from './poller.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { Actor, BoundedScenario } from './staging.ts';

/** An entry of a log: the event's body, and when it was logged. */
interface Entry {
  readonly id: string;
  readonly body: string;
  readonly at: string;
}

const API = 'https://api.example.com';
const answer = (body: unknown): HttpResponse => ({ status: 200, headers: new Map(), body: JSON.stringify(body) });

/** The log of a provider, in pages of one entry: it has the events themselves, gives them by id, or sends them again. */
function logOf(kind: MissedLog['kind'], { optum }: Product): MissedLog {
  const read = (body: string, { now, options }: ApiCall) => {
    const bytes = Buffer.from(body);
    return { body: bytes, envelope: optum.readEvents(receivedBody(bytes, { now, options })) };
  };
  const page = async <Found>(next: string | undefined, api: ApiCall, entryOf: (entry: Entry) => Found) => {
    const read = readJsonAnswer(await api.http({ method: 'GET', url: `${API}/log?from=${next ?? '0'}` }));
    if (!read.ok) return read;
    const { entry, following } = read.value as { readonly entry?: Entry; readonly following?: string };
    const reached = entry && new Date(entry.at);
    return ok<LogPage<Found>>({ entries: entry ? [entryOf(entry)] : [], reached, next: following });
  };
  const loggedIn =
    (api: ApiCall) =>
    ({ body, at }: Entry): LoggedEvent => ({ ...read(body, api), at: new Date(at) });
  const deliveryIn =
    (api: ApiCall) =>
    ({ id, body, at }: Entry): LoggedDelivery => ({ id, at: new Date(at), envelope: read(body, api).envelope });
  if (kind === 'events') return { kind, overlapSeconds: 0, page: ({ next }, api) => page(next, api, loggedIn(api)) };
  const deliveries = {
    overlapSeconds: 0,
    page: ({ next }: { next?: string | undefined }, api: ApiCall) => page(next, api, deliveryIn(api)),
  };
  if (kind === 'deliveries')
    return {
      ...{ ...deliveries, kind },
      async fetch({ id }, api) {
        const found = readJsonAnswer(await api.http({ method: 'GET', url: `${API}/deliveries/${id}` }));
        return found.ok ? ok(read((found.value as Entry).body, api)) : found;
      },
    };
  return {
    ...{ ...deliveries, kind, keepsSeconds: 86_400 },
    resend: async ({ id }, { http }) => (await http({ method: 'POST', url: `${API}/resend/${id}` })).status,
  };
}

/** The stand-in of a log. Whatever is older than the cursor must be safe, because no poll reads it again. */
function logApi(
  gateway: Gateway,
  entries: readonly Entry[],
  sendAgain: (body: string) => void = () => undefined,
): ProviderApi {
  const passed = new Set<string>();
  const newestFirst = [...entries].reverse();
  const position = (): string =>
    gateway.table.all().find(({ pk }) => pk?.S === `cursor#${gateway.source.name}`)?.cursorPosition?.S ?? '';
  return {
    answer({ method, url }) {
      const [, what, id = '0'] = /\/(log|deliveries|resend)(?:\?from=|\/)(.*)$/.exec(url) ?? [];
      const entry = what === 'log' ? newestFirst[Number(id)] : entries.find((each) => each.id === id);
      if (method === 'POST' && entry) sendAgain(entry.body);
      const following = Number(id) + 1 < entries.length ? String(Number(id) + 1) : undefined;
      return what === 'log' ? answer({ entry, following }) : answer(entry);
    },
    polled() {
      for (const { body, at } of entries) {
        if (passed.has(body) || at >= position()) continue;
        passed.add(body);
        const receivedAt = gateway.simulation.now;
        gateway.promises.acknowledged({
          key: gateway.keyOf(body),
          bodyHash: sha256(body),
          receivedAt,
          fate: 'processed',
        });
      }
    },
    isDone: () => entries.every(({ at }) => at < position()),
    state: () => [...passed].map((body) => sha256(body)).join(),
  };
}

/** The events that a provider has logged are fetched, or asked for again, beside what it delivers. */
export function logScenarios(product: Product): BoundedScenario[] {
  const scenario = staging(product);
  const body = product.optum.sample({ id: 'evt_1', now: new Date(START) });
  const entries: readonly Entry[] = [{ id: 'evt_1', body, at: new Date(START - 60_000).toISOString() }];
  const of = (kind: MissedLog['kind']) => ({ provider: { ...product.optum, missedEvents: logOf(kind, product) } });
  const poller: Actor = (gateway) => new Poller(gateway, logApi(gateway, entries));

  /** The deliveries that the provider makes when it is asked to. */
  const resending = (): readonly Actor[] => {
    let latest: Deliveries | undefined;
    return [
      (gateway) =>
        (latest = new Deliveries(
          gateway,
          entries.map(({ id, body }) => ({ name: id, body, fate: 'processed', isLost: true })),
        )),
      (gateway) => {
        const deliveries = latest;
        return new Poller(
          gateway,
          logApi(gateway, entries, (body) => deliveries?.sendAgain(body)),
        );
      },
    ];
  };

  return [
    scenario(
      'log of events',
      'An event in a log is delivered late, while the log is read.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers({ name: 'A', body, fate: 'processed' }), poller, processor],
      of('events'),
    ),
    scenario(
      'log of deliveries',
      'A delivery of a log has failed, and its body is fetched.',
      ...[bounds(1, 0, 0), bounds(2, 0, 0)],
      [poller, processor],
      of('deliveries'),
    ),
    scenario(
      'asked for again',
      'A delivery of a log has failed: the provider is asked for it, and delivers it, or gives it up and is asked again.',
      ...[bounds(1, 0, 0), bounds(2, 0, 0)],
      [...resending(), processor],
      of('resend'),
    ),
  ];
}
