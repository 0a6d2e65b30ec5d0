import { describe, expect, it } from '@jest/globals';
import { apiUrl, isUsableId, PathFault } from '../../../lambdas/core/http/api-url.ts';
import type { HttpRequest } from '../../../lambdas/core/http/http.ts';
import { listRegistered } from '../../../lambdas/core/registration-calls.ts';
import { readTarget } from '../../../lambdas/providers/fhir/values.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import { fakeRegistrations } from '../../../local/fake-providers/registrations/index.ts';
import { polledSource, START, storedSecret } from '../core/poll/fixtures.ts';
import { answerOf } from '../../../local/fake-providers/fake-api.ts';
import { LOCAL_TOKEN } from '../../../local/fake-providers/nvsep.ts';

const REGISTERED = [...providers.values()].flatMap(({ name, registration }) =>
  registration ? [{ name, registration }] : [],
);
const NOW = new Date(START);

/** How the next page is written by the providers that list in pages; `at` is where it begins. */
const PAGED: Readonly<Record<string, (at: string, url: string) => { body?: object; link?: string }>> = {
  'microsoft-graph': (at, url) => ({ body: { '@odata.nextLink': `${url.split('?')[0] ?? ''}?at=${at}` } }),
  github: (at, url) => ({ link: `<${url.split('?')[0] ?? ''}?at=${at}>; rel="next"` }),
  stripe: () => ({ body: { has_more: true } }),
  svix: (at) => ({ body: { done: false, iterator: at } }),
  paddle: () => ({ body: { meta: { pagination: { has_more: true } } } }),
  jira: () => ({ body: { isLast: false } }),
  twitch: (at) => ({ body: { pagination: { cursor: at } } }),
};

/** An API that lists its entries in pages of three. */
function setUp(name: string, count: number, nextOf = PAGED[name]) {
  const { options } = polledSource(name);
  const fakes = fakeRegistrations({ isAuthorized: () => true }, () => START);
  const fake = fakes[name];
  if (!fake) throw new Error(`there is no stand-in for the registrations of ${name}`);
  const all = Array.from({ length: count }, (_, index) => ({
    ...{
      id: String(index + 1),
      url: `https://hooks.example.com/${index}`,
      events: ['a.one'],
      enabled: true,
      secret: 's',
    },
  }));
  const requests: string[] = [];
  const http = ({ method, url, headers = {}, body = '' }: HttpRequest) => {
    requests.push(url);
    const { searchParams } = new URL(url);
    const at = Number([...searchParams].find(([key]) => !/limit|per_page|maxResults/.test(key))?.[1] ?? 0);
    fake.entries.splice(0, Infinity, ...all.slice(at, at + 3));
    const answer = answerOf([fake.api], {
      ...{ method, url: new URL(url), body: Buffer.from(body) },
      headers: { ...headers, authorization: `Bearer ${LOCAL_TOKEN}`, 'x-client-secret': LOCAL_TOKEN },
    });
    const more = nextOf && at + 3 < all.length ? nextOf(String(at + 3), url) : {};
    const text = Array.isArray(answer.body) ? answer.body : { ...(answer.body as object), ...more.body };
    return Promise.resolve({
      ...{ status: answer.status, body: JSON.stringify(text) },
      headers: new Map(more.link === undefined ? [] : [['link', more.link]]),
    });
  };
  return { api: { http, options, now: NOW }, requests, all };
}

describe.each(REGISTERED.filter(({ name }) => name in PAGED))('the list of $name', ({ name, registration }) => {
  it('is read to its end', async () => {
    const { api, requests, all } = setUp(name, 8);
    const listed = await listRegistered(registration, api);
    expect(listed).toMatchObject({ ok: true, value: all.map(({ id, url }) => ({ id, url })) });
    expect(requests).toHaveLength(3);
  });

  it('is a fault if it has no end, and never a part of it', async () => {
    const { api, requests } = setUp(name, 3000);
    expect(await listRegistered(registration, api)).toEqual({ ok: false, reason: 'list_too_long' });
    expect(requests).toHaveLength(100);
    const again = setUp(name, 8, (_at, url) => PAGED[name]?.('0', url) ?? {});
    const outcome = await listRegistered(registration, again.api);
    // The next page of the others is named by the entries, which the list says.
    if (!['stripe', 'paddle', 'jira'].includes(name)) expect(outcome).toEqual({ ok: false, reason: 'repeated_page' });
  });
});

it.each(['microsoft-graph', 'github'])('the list of %s is not read on at another host', async (name) => {
  const registration = providers.get(name)?.registration;
  if (!registration) throw new Error('it is not registered with by an API');
  for (const host of ['https://elsewhere.example.com', 'http://api.example.com', 'https://api.example.com:444']) {
    const next = { body: { '@odata.nextLink': `${host}/x` }, link: `<${host}/x>; rel="next"` };
    const { api, requests } = setUp(name, 8, () => next);
    expect(await listRegistered(registration, api)).toEqual({ ok: false, reason: 'foreign_link' });
    expect(requests).toHaveLength(1);
  }
});

describe.each(REGISTERED)('an id of $name', ({ name, registration }) => {
  const { options } = polledSource(name);
  /** Makes each call that names a registration. Returns the URLs, each next to the text of an error. */
  async function callAll(id: string): Promise<{ urls: string[]; errors: unknown[] }> {
    const urls: string[] = [];
    const errors: unknown[] = [];
    const http = ({ url }: HttpRequest) => {
      urls.push(url);
      return Promise.resolve({ status: 200, headers: new Map(), body: '{}' });
    };
    const api = { http, options, now: NOW };
    const wanted = { url: 'https://x.example', events: ['a.b'], secret: storedSecret(name) };
    const registered = { id, url: wanted.url, events: wanted.events, enabled: true };
    const { upkeep } = registration;
    for (const call of [
      () => registration.update?.(id, wanted, api),
      () => upkeep?.renew?.(registered, api),
      () => upkeep?.enable?.(registered, api),
      () => upkeep?.remove?.(id, api),
    ])
      await Promise.resolve()
        .then(call)
        .catch((error: unknown) => errors.push(error));
    return { urls, errors };
  }

  it('stays one part of the path that it is in', async () => {
    const depth = (url: string): number => new URL(url).pathname.split('/').length;
    const plain = await callAll('plain');
    const { urls, errors } = await callAll('a/../b?c#d e\u0000');
    expect(errors).toEqual([]);
    expect(urls.map(depth)).toEqual(plain.urls.map(depth));
    expect(urls.map((url) => new URL(url).hash)).toEqual(urls.map(() => ''));
  });

  it.each(['.', '..', '%2e%2E'])('never leads out of its path: %s', async (id) => {
    const { urls, errors } = await callAll(id);
    const paths = (await callAll('plain')).urls.map((url) => new URL(url).pathname);
    for (const error of errors) expect(error).toBeInstanceOf(PathFault);
    // A call whose path names no id is as it was.
    expect(urls.length + errors.length).toBe(paths.length);
    for (const url of urls)
      expect(paths.map((path) => path.replace('plain', encodeURIComponent(id)))).toContain(new URL(url).pathname);
  });

  it('that no call can name is a fault, wherever it is listed', async () => {
    for (const id of ['', '.', '..', 'a\u0000', 'x'.repeat(600)]) {
      expect(isUsableId(id)).toBe(false);
      const listed = { ...registration, list: () => Promise.resolve({ ok: true as const, value: [{ ...ENTRY, id }] }) };
      expect(await listRegistered(listed, { http: never, options, now: NOW })).toEqual({ ok: false, reason: 'no_id' });
    }
  });
});

const ENTRY = { url: 'https://x.example', events: ['a.b'], enabled: true };
const never = (): Promise<never> => Promise.reject(new Error('nothing is called'));

it('no path of an API leads out of it, whichever call names it', () => {
  const options = { baseUrl: 'https://api.example.com/base' };
  for (const path of ['..', 'a/..', 'a/%2e%2e/b', 'a/.%2E?x', './a', 'a/..#b'])
    expect(() => apiUrl(options, path)).toThrow(PathFault);
  for (const path of ['a', 'a..b/c', 'a/...', 'a?next=..', 'a?x=/../', 'a#/../'])
    expect(apiUrl(options, path)).toBe(`https://api.example.com/base/${path}`);
});

it('a reference of a FHIR server names no Subscription whose id leads elsewhere', () => {
  for (const id of ['.', '..', '%2e%2e', 'a\u0000b']) expect(readTarget(`Subscription/${id}`)).toBeUndefined();
  expect(readTarget('https://a/fhir/Subscription/a..b')).toMatchObject({ type: 'Subscription', id: 'a..b' });
});
