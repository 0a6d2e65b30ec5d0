import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { OPERATOR_HEADER } from '../cli/local-gateway.ts';
import type { CallLog } from './call-log.ts';
import { FaultRule } from './faults.ts';
import type { Faults } from './faults.ts';
import { isForwarded, refusalOf, statusOf } from '../cli/guard.ts';
import { readBodyUpTo } from '../cli/read-body.ts';
import { listEvents } from './ledger-view.ts';
import { listQueues } from './queue-view.ts';
import type { MissedEventsControl } from './missed-events.ts';
import type { MetricsLog } from './metrics-log.ts';
import type { Refusals } from './refusals.ts';
import type { Services } from './services/services.ts';
import type { Wiring } from './sources.ts';
import type { PublishedEvent } from './services/bus-store.ts';
import type { OperatorAccess, StackView } from './stack-view.ts';

/** Paths of the inspection start so; no route of the API does. */
export const INSPECTION_PREFIX = '/_local/';

export interface InspectionParts {
  readonly services: Services;
  readonly wiring: Wiring;
  readonly stack: StackView;
  readonly access: OperatorAccess;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly refusals: Refusals;
  readonly metrics: MetricsLog;
  readonly missedEvents?: MissedEventsControl;
}

interface Reply {
  readonly status: number;
  /** Sent as JSON; a {@link JsonText} is JSON already. */
  readonly body: unknown;
}

/**
 * A JSON text that is shown as it is. To parse it and to make a text of it again would change what was published, and
 * fails on a text that is nested deeply.
 */
class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Inspector = (url: URL, request: IncomingMessage, parts: InspectionParts) => Promise<unknown>;

/** A whole number above zero; undefined for anything else, which asks for nothing in particular. */
const positive = (text: string | null): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : undefined;

const INSPECTORS: Readonly<Record<string, Inspector>> = {
  'GET /_local/events': (url, _request, { services, wiring }) =>
    listEvents(services.dynamoDb.client, wiring.ledgerTable, url.searchParams.get('source')),
  'GET /_local/bus': ({ searchParams }, _request, { services }) => {
    const [from, limit] = ['from', 'limit'].map((name) => positive(searchParams.get(name)));
    const entries = services.eventBridge.published(from, limit).map(busEntry);
    return Promise.resolve(new JsonText(`[${entries.join(',')}]`));
  },
  'GET /_local/queues': (_url, _request, { services, wiring }) => listQueues(services.sqs.client, wiring),
  'GET /_local/stack': (_url, _request, { stack }) => Promise.resolve(stack),
  // A web page cannot send this header without asking first, and gets no leave.
  'GET /_local/access': (_url, { headers }, { access }) => {
    askForOperator(headers);
    return Promise.resolve(access);
  },
  'GET /_local/metrics': (_url, _request, { metrics }) => Promise.resolve(metrics.list()),
  'GET /_local/refusals': (_url, _request, { refusals }) => Promise.resolve(refusals.list()),
  // It holds a body.
  'GET /_local/refusals/*': ({ pathname }, { headers }, { refusals }) => {
    askForOperator(headers);
    return Promise.resolve(refusals.last(lastPart(pathname)) ?? null);
  },
  'GET /_local/aws-calls': (_url, _request, { calls }) => Promise.resolve(calls.list()),
  'GET /_local/faults': (_url, _request, { faults }) => Promise.resolve(faults.list()),
  'POST /_local/faults': async (_url, request, { faults }) => {
    faults.add(await readRule(request));
    return faults.list();
  },
  'GET /_local/missed-events/*': (url, _request, parts) => askPoller(url, 'status', parts),
  'POST /_local/missed-events/*': (url, _request, parts) => askPoller(url, 'poll', parts),
  'DELETE /_local/faults': (_url, _request, { faults }) => {
    faults.clear();
    return Promise.resolve([]);
  },
};

/** A request that cannot be answered, with what is wrong with it. */
class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/**
 * Shows what the gateway holds, and takes the faults that tests ask for. For this machine alone, and for no web page: see
 * {@link refusalOf}. A request that a proxy or a tunnel hands on is refused too, because it may come from anywhere.
 */
export async function serveInspection(
  request: IncomingMessage,
  response: ServerResponse,
  parts: InspectionParts,
): Promise<void> {
  const { status, body } = await inspect(request, parts);
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body instanceof JsonText ? body.text : JSON.stringify(body));
}

async function inspect(request: IncomingMessage, parts: InspectionParts): Promise<Reply> {
  const refusal = refusalOf(request) ?? (isForwarded(request) ? 'forwarded' : undefined);
  if (refusal) return { status: statusOf(refusal), body: { error: refusal } };
  const url = new URL(request.url ?? '/', 'http://localhost');
  const key = `${request.method ?? ''} ${url.pathname}`;
  const [inspector] = [key, key.replace(/[^/]+$/, '*')].flatMap((name) =>
    Object.hasOwn(INSPECTORS, name) ? (INSPECTORS[name] ?? []) : [],
  );
  if (!inspector) return { status: 404, body: { error: 'not_found', known: Object.keys(INSPECTORS) } };
  try {
    return { status: 200, body: await inspector(url, request, parts) };
  } catch (error) {
    if (error instanceof BadRequest) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

/** An entry of the bus as JSON, its detail as it was published. */
const busEntry = ({ source, detailType, detail, at }: PublishedEvent): string =>
  `{"source":${JSON.stringify(source)},"detailType":${JSON.stringify(detailType)},"detail":${detail},"at":${at}}`;

/** Asks the poller of the source at the end of the path. */
async function askPoller(url: URL, action: 'poll' | 'status', { missedEvents }: InspectionParts): Promise<unknown> {
  const source = lastPart(url.pathname);
  const result = await missedEvents?.(source, action);
  if (!result) throw new BadRequest(`no missed events are fetched for "${source}": see docs/missed-events.md`);
  return result.ok ? new JsonText(result.payload) : { outcome: 'failed', faults: [result.error.errorType] };
}

const lastPart = (path: string): string => decoded(path.slice(path.lastIndexOf('/') + 1));

function askForOperator(headers: IncomingMessage['headers']): void {
  if (headers[OPERATOR_HEADER] === undefined) throw new BadRequest(`the header ${OPERATOR_HEADER} is missing`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadRequest('the path is not percent-encoded UTF-8');
  }
}

const MAX_RULE_BYTES = 10_000;

async function readRule(request: IncomingMessage): Promise<FaultRule> {
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json') throw new BadRequest('a fault is sent as application/json');
  const text = (await readBodyUpTo(request, MAX_RULE_BYTES))?.toString('utf8') ?? '';
  const rule = FaultRule.safeParse(parseJson(text));
  if (!rule.success) throw new BadRequest(z.prettifyError(rule.error));
  return rule.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadRequest('the fault is not JSON');
  }
}
