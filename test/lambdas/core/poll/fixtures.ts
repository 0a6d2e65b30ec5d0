import { defaultWindowDays } from '../../../../lambdas/core/provider.ts';
import { CursorLost } from '../../../../lambdas/core/poll/cursor.ts';
import type { Cursor, CursorState } from '../../../../lambdas/core/poll/cursor.ts';
import { callsTo } from '../../../../lambdas/core/http/authorized.ts';
import type { Http } from '../../../../lambdas/core/http/http.ts';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import { poll } from '../../../../lambdas/core/poll/poll.ts';
import type { PollReport } from '../../../../lambdas/core/poll/report.ts';
import type { PollBounds, PollPorts } from '../../../../lambdas/core/poll/run.ts';
import { processBatch } from '../../../../lambdas/core/process/process.ts';
import type { Options } from '../../../../lambdas/core/envelope.ts';
import type { UpkeepPorts } from '../../../../lambdas/core/poll/upkeep/run.ts';
import { providerNamed } from '../../../../lambdas/providers/index.ts';
import { answerOf } from '../../../../local/fake-providers/fake-api.ts';
import type { ApiRequest, FakeApi } from '../../../../local/fake-providers/fake-api.ts';
import { fakeFhir } from '../../../../local/fake-providers/fhir/server.ts';
import { fakeRegistrations } from '../../../../local/fake-providers/registrations/index.ts';
import { fakeLogs } from '../../../../local/fake-providers/logs/index.ts';
import { localOptions } from '../../../../local/fake-providers/settings.ts';
import { fakeExclusions, LOCAL_TOKEN } from '../../../../local/fake-providers/nvsep.ts';
import { fakeMissedEvents, LOCAL_TENANT } from '../../../../local/fake-providers/optum-missed-events.ts';
import { LOCAL_CLIENT, tokenEndpoint } from '../../../../local/fake-providers/token-endpoint.ts';
import type { HeardSubscription } from '../../../../lambdas/core/subscription-note.ts';
import type { Event } from '../../../../lambdas/core/event.ts';
import { identify } from '../../../../lambdas/core/receive/identify.ts';
import { defaultOptions, signed, verified } from '../../providers/deliveries.ts';
import type { Source } from '../../../../lambdas/core/source.ts';
import type { EventQueue } from '../../../../lambdas/core/ports.ts';
import {
  MemoryArchive,
  MemoryBodies,
  MemoryLedger,
  memoryRetries,
  MemoryQueue,
  recordingObserver,
} from '../in-memory.ts';

export const START = Date.parse('2026-03-01T09:30:00.000Z');
export const BASE = 'https://api.example.com';
export const SUBSCRIPTION = 'sub-1';
/** The URL of the source at the gateway. */
export const OWN_URL = 'https://hooks.example.com/webhooks/source';

export const BOUNDS: PollBounds = {
  ...{ maxEvents: 1000, maxPages: 50, reserveMs: 1000, leaseMarginMs: 1000 },
};

const OPTIONS: Readonly<Record<string, Options>> = {
  optum: {
    baseUrl: `${BASE}/optum`,
    tokenUrl: `${BASE}/oauth/token`,
    tenantId: LOCAL_TENANT,
    subscriptionId: SUBSCRIPTION,
  },
  nvsep: { baseUrl: `${BASE}/nvsep/api/cfs/v1` },
};

export function polledSource(name: string, options: Options = {}): Source {
  const provider = providerNamed(name);
  return {
    ...{ name, windowSeconds: defaultWindowDays(provider) * 86_400, maxBodyBytes: 100_000 },
    provider,
    options: { ...defaultOptions(provider), ...(OPTIONS[name] ?? localOptions(name, BASE, name)), ...options },
  };
}

/** The rules of the durable cursor, in memory. */
export class MemoryCursor implements Cursor {
  state: CursorState | undefined;
  lease: { owner: string; until: number } | undefined;
  readonly outcomes: { readonly ok: boolean }[] = [];
  readonly clock: () => number;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  begin: Cursor['begin'] = (owner, until) => {
    if (this.lease && this.lease.until >= this.clock() && this.lease.owner !== owner) return Promise.resolve(undefined);
    this.lease = { owner, until };
    this.state ??= {};
    return Promise.resolve(this.state);
  };

  save: Cursor['save'] = async (owner, changes) => {
    await this.#check(owner);
    if (this.state) this.state = { ...this.state, ...changes };
  };

  end: Cursor['end'] = async (owner, outcome) => {
    await this.#check(owner);
    this.lease = undefined;
    this.outcomes.push(outcome);
  };

  status: Cursor['status'] = () => Promise.resolve({});

  #check = (owner: string): Promise<void> =>
    this.lease?.owner === owner ? Promise.resolve() : Promise.reject(new CursorLost());
}

/** The signing secret of a source: of a provider whose secret is JSON, the text of each part. */
export function storedSecret(name: string, text = 'the signing secret'): string {
  const { parts } = providerNamed(name).secret;
  return parts ? JSON.stringify(Object.fromEntries(Object.keys(parts).map((part) => [part, text]))) : text;
}

/** A gateway with its queue and its processor in memory, and the providers' stand-ins without a network. */
export function setUpPoll(name: string, options: Options = {}) {
  const time = { now: START };
  const clock = (): number => time.now;
  const tokens = tokenEndpoint(3600, clock);
  const optum = fakeMissedEvents(tokens);
  const nvsep = fakeExclusions();
  const logs = fakeLogs(tokens, clock);
  const fhir = fakeFhir(tokens);
  const registrations = fakeRegistrations(tokens, clock);
  const heard: HeardSubscription[] = [];
  const apis: FakeApi[] = [
    ...[tokens.api, optum.api, nvsep.api, fhir.api],
    ...[...Object.values(logs), ...Object.values(registrations)].map(({ api }) => api),
  ];
  /** The signing secrets that were stored. */
  const staged: string[] = [];
  /** The versions of the signing secret. */
  const labels: { current: string; pending?: string | undefined } = { current: 'v1' };
  /** An operator has the pending secret become the current one. */
  const promote = (): void => {
    if (labels.pending !== undefined) Object.assign(labels, { current: labels.pending, pending: undefined });
  };
  const upkeep: UpkeepPorts = {
    urls: [OWN_URL],
    secret: () => Promise.resolve(storedSecret(name)),
    labels: () => Promise.resolve({ ...labels }),
    stage(secret) {
      staged.push(secret);
      labels.pending = `v${staged.length + 1}`;
      return Promise.resolve();
    },
  };
  const requests: string[] = [];
  const hooks: { onRequest: (request: ApiRequest) => void } = { onRequest: () => undefined };

  const http: Http = ({ method, url, headers = {}, body = '' }) => {
    const request = { method, url: new URL(url), headers: { ...headers }, body: Buffer.from(body) };
    requests.push(`${method} ${request.url.pathname}${request.url.search}`);
    hooks.onRequest(request);
    const answer = answerOf(apis, request);
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    return Promise.resolve({
      status: answer.status,
      headers: new Map(Object.entries(answer.headers ?? {})),
      body: text,
    });
  };

  const source = polledSource(name, options);
  const ledger = new MemoryLedger(clock, source.windowSeconds * 1000);
  const queue = new MemoryQueue();
  const quarantine = new MemoryQueue();
  const cursor = new MemoryCursor(clock);
  const observer = recordingObserver();
  const reports: PollReport[] = [];
  let polls = 0;

  const parts = {
    ledger,
    queue: queue as EventQueue,
    quarantine: quarantine as EventQueue,
    cursor,
    http,
    upkeep: undefined as UpkeepPorts | undefined,
  };
  /** One poll; `wrap` may make its ports fail. */
  const run = (changes: Partial<typeof parts> = {}, bounds: Partial<PollBounds> = {}): Promise<PollReport> => {
    const used = { ...parts, ...changes };
    const authorized = callsTo(source.provider.api, source.options, {
      ...{ http: used.http, clock },
      credentials: { client: () => Promise.resolve(LOCAL_CLIENT), token: () => Promise.resolve(LOCAL_TOKEN) },
    });
    const ports: PollPorts = {
      ...{ ...used, observer, clock, http: authorized, owner: `poll-${++polls}`, remainingMs: () => 60_000 },
      upkeep: used.upkeep && { ...used.upkeep, http: authorized },
      deployedAt: () => Promise.resolve(new Date(START - 3_600_000)),
      heard: () => Promise.resolve(heard),
      isSafe: (event) => Promise.resolve(!['PENDING', undefined].includes(ledger.find(event)?.status)),
      pollObserver: { polled: (report) => void reports.push(report), endFailed: () => undefined },
    };
    return poll(source, ports, { ...BOUNDS, ...bounds });
  };

  const handled: string[] = [];
  /** Takes everything from the queue, batch by batch. */
  const process = async (): Promise<void> => {
    const events = queue.events.splice(0);
    for (const [index, event] of events.entries()) {
      await processBatch([{ id: String(index), text: encodeMessage(event) }], {
        ...{ ledger, observer, clock, owner: `batch-${index}`, leaseMs: 30_000, archivedIn: `batch-${index}` },
        ...memoryRetries(),
        ...{ bodies: new MemoryBodies(), archive: new MemoryArchive() },
        handle: (batch) => {
          handled.push(...batch.map(({ event }) => event.body.toString()));
          return batch.map(() => Promise.resolve());
        },
      });
    }
  };

  return {
    ...{ fhir, heard, registrations, staged, labels, promote, upkeep },
    ...{
      time,
      tokens,
      optum,
      nvsep,
      logs,
      requests,
      hooks,
      source,
      ledger,
      queue,
      quarantine,
      cursor,
      observer,
      reports,
    },
    ...{ run, process, handled, parts },
  };
}

export const optumEvent = (id: string, time = '2026-03-01T09:00:00.000Z'): string =>
  JSON.stringify({ id, type: 'payment_loading_completed', causationId: `cause-${id}`, time, data: { id } });

export const exclusion = (id: string, createdAt = '2026-03-01T09:29:00.000Z') => ({
  ...{ id, createdAt, startDate: '2026-01-01', endDate: '2031-12-31' },
});

export const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`);
export const handledIds = (handled: readonly string[]): string[] =>
  handled.map((body) => {
    const { id, data } = JSON.parse(body) as { id?: string; data?: { id: string } };
    return id ?? data?.id ?? '';
  });

export type World = ReturnType<typeof setUpPoll>;

/** The event that a delivery of this body makes. */
export const delivered = ({ source, time }: World, body: string): Event =>
  identify(verified(signed(source.provider, body), new Date(time.now)), source);
