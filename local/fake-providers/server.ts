import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalOf, statusOf } from '../../cli/guard.ts';
import { close, listen, LOOPBACK, readBody } from '../http.ts';
import { controlApi } from './control.ts';
import { answerOf } from './fake-api.ts';
import type { ApiRequest, FakeApi } from './fake-api.ts';
import { fakeFhir } from './fhir/server.ts';
import type { FakeFhir } from './fhir/server.ts';
import { fakeLogs } from './logs/index.ts';
import type { FakeLog } from './logs/log.ts';
import { misbehaviours, sendAnswer } from './misbehaviour.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import { fakeExclusions } from './nvsep.ts';
import type { FakeExclusions } from './nvsep.ts';
import { fakeMissedEvents } from './optum-missed-events.ts';
import type { FakeMissedEvents } from './optum-missed-events.ts';
import { fakeSubscriptions } from './optum-subscription.ts';
import type { FakeSubscriptions } from './optum-subscription.ts';
import { fakeRegistrations } from './registrations/index.ts';
import type { FakeRegistrations } from './registrations/index.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** The stand-ins for the providers' APIs, on one loopback address. */
export interface FakeProviders {
  readonly url: string;
  readonly tokens: TokenEndpoint;
  readonly optum: FakeMissedEvents;
  readonly subscriptions: FakeSubscriptions;
  readonly nvsep: FakeExclusions;
  readonly fhir: FakeFhir;
  /** Those that log their events or deliveries, by provider. */
  readonly logs: Readonly<Record<string, FakeLog>>;
  /** Those with whom a URL is registered, by provider. */
  readonly registrations: Readonly<Record<string, FakeRegistrations>>;
  readonly misbehaviours: Misbehaviours;
  stop(): Promise<void>;
}

export interface FakeProvidersOptions {
  /** Called when a request has come and before it is answered; the answer waits for it. */
  readonly onRequest?: (request: ApiRequest) => void | Promise<void>;
  /** Called when a request has been answered. */
  readonly onAnswer?: (request: ApiRequest) => void;
}

/** Starts them. They check tokens and tenant, and misbehave as they are told to. */
export async function startFakeProviders(options: FakeProvidersOptions = {}): Promise<FakeProviders> {
  const tokens = tokenEndpoint();
  const optum = fakeMissedEvents(tokens);
  const subscriptions = fakeSubscriptions(tokens);
  const nvsep = fakeExclusions();
  const fhir = fakeFhir(tokens);
  const logs = fakeLogs(tokens);
  const registrations = fakeRegistrations(tokens);
  const rules = misbehaviours();
  const parts = { optum, subscriptions, nvsep, fhir, logs, registrations, misbehaviours: rules };
  // One line per API.
  const apis: readonly FakeApi[] = [
    ...[tokens.api, optum.api, subscriptions.api, nvsep.api, fhir.api, controlApi(parts)],
    ...[...Object.values(logs), ...Object.values(registrations)].map(({ api }) => api),
  ];
  const ended = new AbortController();

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = incoming;
    const refusal = refusalOf(incoming);
    if (refusal) return void response.writeHead(statusOf(refusal)).end();
    const url = new URL(incoming.url ?? '/', `http://${LOOPBACK}`);
    const request = { method, url, headers, body: await readBody(incoming) };
    await options.onRequest?.(request);
    const rule = rules.take(request);
    // A request that is refused has no effect; one whose answer is lost has.
    const answer = rule?.kind === 'status' ? { status: rule.status } : answerOf(apis, request);
    response.once('finish', () => options.onAnswer?.(request));
    await sendAnswer(response, answer, rule, ended.signal);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  const port = await listen(server);
  return {
    ...parts,
    tokens,
    url: `http://${LOOPBACK}:${port}`,
    stop: () => {
      ended.abort();
      return close(server);
    },
  };
}
