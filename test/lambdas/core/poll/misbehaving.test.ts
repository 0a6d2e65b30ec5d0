import { describe, expect, it } from '@jest/globals';
import { HttpFault } from '../../../../lambdas/core/http/http.ts';
import { optumEvent, setUpPoll, START, SUBSCRIPTION } from './fixtures.ts';
import type { World } from './fixtures.ts';

describe('a poll of an Optum that misbehaves', () => {
  const setUp = () => {
    const world = setUpPoll('optum');
    return { ...world, subscription: world.optum.subscription(SUBSCRIPTION) };
  };
  const miss = ({ optum }: World, events: readonly string[]): void =>
    events.forEach((event) => void optum.miss(SUBSCRIPTION, event));

  it.each([
    ['an answer that is no JSON', { status: 200, body: '<html>' }, 'list_not_json'],
    ['an object', { status: 200, body: {} }, 'list_not_a_list'],
    ['a refusal', { status: 403, body: {} }, 'list_http_403'],
    [
      'a next page elsewhere',
      { status: 200, body: [], link: '<https://evil.example/x>; rel="next"' },
      'list_foreign_link',
    ],
  ])('counts %s, and does nothing with it', async (_name, answer, fault) => {
    const world = setUp();
    const http: typeof world.parts.http = (request) =>
      request.url.endsWith('missed-events')
        ? Promise.resolve({
            status: answer.status,
            headers: new Map('link' in answer ? [['link', answer.link]] : []),
            body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body),
          })
        : world.parts.http(request);
    expect(await world.run({ http })).toMatchObject({ outcome: 'failed', faults: [fault] });
  });

  it('says which call had no answer, or no token', async () => {
    const world = setUp();
    const down = () => Promise.reject(new HttpFault('timeout'));
    expect((await world.run({ http: down })).faults).toEqual(['list_timeout']);
    const page = () => Promise.resolve({ status: 200, headers: new Map<string, string>(), body: '<html>' });
    expect((await world.run({ http: page })).faults).toEqual(['list_token_malformed']);
  });

  it('asks once more with a fresh token where its own was revoked', async () => {
    const world = setUp();
    miss(world, [optumEvent('a')]);
    let revoked = false;
    world.hooks.onRequest = ({ url }) => {
      if (revoked || !url.pathname.endsWith('missed-events')) return;
      revoked = true;
      world.tokens.revokeAll();
    };
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', acknowledged: 1 });
    expect(world.tokens.issued()).toBe(2);
  });

  it('ends a list that names its own page as the next one', async () => {
    const world = setUp();
    const http: typeof world.parts.http = async (request) => {
      const answer = await world.parts.http(request);
      return request.url.includes('missed-events') && request.method === 'GET'
        ? { ...answer, headers: new Map([['link', `<${request.url}>; rel="next"`]]) }
        : answer;
    };
    miss(world, [optumEvent('a')]);
    const report = await world.run({ http });
    expect(report).toMatchObject({ outcome: 'failed', faults: ['list_repeated_page'], accepted: 1, acknowledged: 1 });
  });

  it('does nothing while another poll is under way', async () => {
    const world = setUp();
    await world.cursor.begin('other', START + 60_000);
    expect(await world.run()).toMatchObject({ outcome: 'busy', faults: [] });
    expect(world.requests).toEqual([]);
    world.time.now += 60_001;
    expect(await world.run()).toMatchObject({ outcome: 'succeeded' });
  });
});
