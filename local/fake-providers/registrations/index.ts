import type { ApiAnswer, ApiRequest, FakeApi } from '../fake-api.ts';
import { UNAUTHORIZED } from '../fake-api.ts';
import { LOCAL_TOKEN } from '../nvsep.ts';
import { bearerOf } from '../token-endpoint.ts';
import type { TokenEndpoint } from '../token-endpoint.ts';
import type { Dialect, FakeRegistration } from './dialect.ts';
import { DIALECTS } from './dialects.ts';
import { ENDING } from './ending.ts';

export interface FakeRegistrations {
  readonly api: FakeApi;
  /** Those that are there; one that has ended is taken away by the next request. */
  readonly entries: FakeRegistration[];
}

type Tokens = Pick<TokenEndpoint, 'isAuthorized'>;

/** The stand-ins for the providers with whom a URL is registered by an API, as their references say. */
export const fakeRegistrations = (
  tokens: Tokens,
  clock: () => number = () => Date.now(),
): Readonly<Record<string, FakeRegistrations>> =>
  Object.fromEntries(
    Object.entries({ ...DIALECTS, ...ENDING }).map(([name, dialect]) => [name, registrations(dialect, tokens, clock)]),
  );

function registrations(dialect: Dialect, tokens: Tokens, clock: () => number): FakeRegistrations {
  const entries: FakeRegistration[] = [];
  let made = 0;
  const make = (request: ApiRequest): ApiAnswer => {
    const wanted = dialect.read(request, clock());
    if (entries.some((entry) => dialect.isTaken?.(entry, wanted))) return { status: 409, body: { error: 'conflict' } };
    const id = `${dialect.prefix}${++made}`;
    const secret = `whsec_${Buffer.alloc(24, made).toString('base64')}`;
    const entry = { id, url: '', events: [], enabled: true, secret, ...wanted };
    entries.push(entry);
    return one(entry, 201, true);
  };
  const one = (entry: FakeRegistration, status: number, isNew: boolean): ApiAnswer => {
    const body = dialect.write(entry, isNew);
    return { status, body: dialect.wrapOne ? dialect.wrapOne(body) : body };
  };
  const find = (id: string | undefined): FakeRegistration | undefined => entries.find((each) => each.id === id);

  const answer = (request: ApiRequest): ApiAnswer | undefined => {
    const { method, url } = request;
    const path = url.pathname;
    const ended = entries.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt.getTime() <= clock());
    for (const entry of ended) entries.splice(entries.indexOf(entry), 1);

    if (method === 'DELETE' && dialect.deletes) {
      const entry = find(dialect.deletes(url));
      if (!entry) return { status: 404, body: {} };
      entries.splice(entries.indexOf(entry), 1);
      return { status: 204, body: '' };
    }
    if (dialect.list.test(path)) {
      if (method === 'GET')
        return { status: 200, body: dialect.wrap(entries.map((entry) => dialect.write(entry, false))) };
      return method === 'POST' ? make(request) : undefined;
    }
    for (const { route, act, idOf } of dialect.calls ?? []) {
      const called = route.exec(`${method} ${path}`);
      const entry = called ? find(idOf?.(request) ?? called[1]) : undefined;
      if (entry) return { status: 200, body: act(entry, clock(), request) };
    }
    const secretOf = /^(.*)\/secret$/.exec(path)?.[1];
    const entry = find(dialect.one?.exec(secretOf ?? path)?.[1]);
    if (!entry) return { status: 404, body: {} };
    if (secretOf !== undefined) return method === 'GET' ? { status: 200, body: { key: entry.secret } } : undefined;
    if (!dialect.changes?.some((change) => change === method)) return undefined;
    Object.assign(entry, dialect.read(request, clock()));
    return one(entry, 200, false);
  };

  const isKnown = (request: ApiRequest): boolean => {
    const { by } = dialect;
    if (by === 'client') return tokens.isAuthorized(request);
    const { headers } = request;
    return (by === undefined ? bearerOf(headers.authorization) : headers[by.header]) === LOCAL_TOKEN;
  };

  return {
    entries,
    api(request) {
      const path = request.url.pathname.replace(/\/secret$/, '');
      const isCall = dialect.calls?.some(({ route }) => route.test(`${request.method} ${path}`)) === true;
      if (!isCall && !dialect.list.test(path) && dialect.one?.test(path) !== true) return undefined;
      return isKnown(request) ? answer(request) : UNAUTHORIZED;
    },
  };
}
