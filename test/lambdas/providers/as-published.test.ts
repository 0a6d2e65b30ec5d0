import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../lambdas/core/delivery.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { receive } from '../../../lambdas/core/receive/receive.ts';
import { discord } from '../../../lambdas/providers/discord.ts';
import { dlocal } from '../../../lambdas/providers/dlocal.ts';
import { docusign } from '../../../lambdas/providers/docusign.ts';
import { hubspot } from '../../../lambdas/providers/hubspot.ts';
import { idenfy } from '../../../lambdas/providers/idenfy.ts';
import { providerNamed } from '../../../lambdas/providers/index.ts';
import { intercom } from '../../../lambdas/providers/intercom.ts';
import { jira } from '../../../lambdas/providers/jira/index.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../core/in-memory.ts';
import { answerToSigned, eventsIn } from './answer.ts';
import { delivery, headerOf, NOW, refusal, sampled, secretsOf, signed, sourceOf, withHeader } from './deliveries.ts';

/*
 * Deliveries as their vendors publish and send them: a retry that is not the same text, a time in the vendor's own form, a test
 * that is signed and is not an event. A provider's file is changed only if its vendor's page is.
 */

/** The outcomes of deliveries one after the other, each with the queue up or down. */
async function outcomesOf(provider: Provider, deliveries: readonly (readonly [of: Delivery, isUp: boolean])[]) {
  const clock = (): number => NOW.getTime();
  const [queue, quarantine] = [new MemoryQueue(), new MemoryQueue()];
  const down = { send: () => Promise.reject(new Error('the queue is down')) };
  const ports = {
    ...{ clock, quarantine, ledger: new MemoryLedger(clock), observer: recordingObserver() },
    ...{ secrets: fixedSecrets(secretsOf(provider).stored), keys: { get: () => Promise.resolve(undefined) } },
  };
  const statuses: number[] = [];
  for (const [of, isUp] of deliveries) {
    const answer = await receive(of, sourceOf(provider), { ...ports, queue: isUp ? queue : down });
    statuses.push(answer.status);
  }
  return { statuses, accepted: queue.events.length, waiting: quarantine.events.map(({ keyKind }) => keyKind) };
}

describe('a retry that counts or times its attempts', () => {
  it.each<[string, (attempt: number, content: string) => object, Record<string, string>]>([
    [
      'coinbase-commerce',
      (attempt, content) => ({
        ...{ id: attempt, attempt_number: attempt, scheduled_for: `2026-03-01T09:2${attempt}:00Z` },
        event: { id: '24934862', type: 'charge:created', created_at: '2026-03-01T09:20:00Z', data: { code: content } },
      }),
      {},
    ],
    [
      'linear',
      (attempt, content) => ({
        ...{ action: 'create', type: 'Issue', data: { id: '2174add1', title: content } },
        webhookTimestamp: NOW.getTime() + attempt * 60_000,
      }),
      { 'linear-delivery': '234d1a4e' },
    ],
  ])('of %s heals an attempt that has failed, and is a duplicate then', async (name, body, headers) => {
    const provider = providerNamed(name);
    const attempt = (number: number, content = 'a') =>
      signed(provider, JSON.stringify(body(number, content)), { headers });
    const failed = [attempt(1), false] as const;
    expect(await outcomesOf(provider, [failed, [attempt(2), true], [attempt(3), true]])).toEqual({
      ...{ statuses: [503, 200, 200], accepted: 1, waiting: [] },
    });
    // Other content under the same id is still set aside.
    expect(
      await outcomesOf(provider, [
        [attempt(1), true],
        [attempt(2, 'b'), true],
      ]),
    ).toMatchObject({
      ...{ accepted: 1, waiting: ['conflict'] },
    });
  });
});

describe("the event's time", () => {
  const discordEvent = (time: string) =>
    `{"version":1,"application_id":"1","type":1,"event":{"type":"APPLICATION_AUTHORIZED","timestamp":"${time}"}}`;

  it.each<[string, string, string]>([
    [
      'dlocal',
      '{"id":"D-4","status":"PAID","created_date":"2026-02-26T15:17:31.000+0000"}',
      '2026-02-26T15:17:31.000Z',
    ],
    [
      'dlocal',
      '{"id":"D-4","status":"PAID","approved_date":"2026-02-26T15:17:32.000-0300","created_date":"2026-02-26T15:17:31.000+0000"}',
      '2026-02-26T18:17:32.000Z',
    ],
    [
      'dlocal',
      '{"id":"8c0e1f7a","event_type":"VERIFICATION_COMPLETED","notification_date":"2026-02-26 15:17:31.000"}',
      '2026-02-26T15:17:31.000Z',
    ],
    ['discord', discordEvent('2026-02-18T14:42:53.064834'), '2026-02-18T14:42:53.064Z'],
    ['discord', discordEvent('2026-02-18T14:42:53.064834+00:00'), '2026-02-18T14:42:53.064Z'],
    ['bitbucket', '{"eventKey":"pr:opened","date":"2026-02-19T09:58:11+1000"}', '2026-02-18T23:58:11.000Z'],
    ['xero', '{"events":[{"resourceId":"r","eventDateUtc":"2026-02-21T01:15:39.902"}]}', '2026-02-21T01:15:39.902Z'],
  ])('of %s is read as the vendor writes it', (name, body, time) => {
    const provider = providerNamed(name);
    expect(eventsIn(provider, body)).toMatchObject([{ time }]);
    expect(eventsIn(provider, body.replaceAll('2026-02-', '2026-02-0'))[0]?.time).toBeUndefined();
  });

  it.each<[string, string]>([
    ['dlocal', '{"id":"D-4","status":"PAID","created_date":"2019-06-26T15:17:31.000+0000"}'],
    ['discord', discordEvent('2024-10-18T14:42:53.064834')],
    ['bitbucket', '{"eventKey":"pr:opened","date":"2017-09-19T09:58:11+1000"}'],
    ['xero', '{"events":[{"resourceId":"r","eventDateUtc":"2017-06-21T01:15:39.902"}]}'],
  ])('of %s keeps a captured delivery away that the ledger has forgotten', (name, body) => {
    const provider = providerNamed(name);
    expect(eventsIn(provider, body, sampled(provider).headers)).toMatchObject([{ quarantine: 'older_than_window' }]);
  });

  it.each([dlocal, discord])("is in the sample of $name in the vendor's own form", (provider) => {
    const { body, headers } = sampled(provider);
    expect(body.toString()).not.toContain(NOW.toISOString());
    expect(eventsIn(provider, body.toString(), headers)).toMatchObject([{ time: NOW.toISOString() }]);
  });
});

describe('Intercom', () => {
  const ping = {
    ...{ type: 'notification_event', app_id: 'a86dr8yl', id: null, topic: 'ping', delivery_status: null },
    data: { type: 'notification_event_data', item: { type: 'ping', message: 'something something interzen' } },
    ...{ delivery_attempts: 1, delivered_at: 0, first_sent_at: 1_772_357_400, created_at: 1_772_357_400, self: null },
  };

  it('has its test of the URL answered, which is no event, if it is signed', async () => {
    const { answer, events } = await answerToSigned(intercom, JSON.stringify(ping));
    expect([answer, events]).toEqual([{ status: 200 }, []]);
    expect(refusal(intercom, delivery({}, JSON.stringify(ping)))).toBe('missing_signature');
    expect(eventsIn(intercom, JSON.stringify({ ...ping, topic: 'contact.deleted' }))).toMatchObject([
      { quarantine: 'no_event_id' },
    ]);
  });
});

describe('HubSpot', () => {
  const association = {
    ...{ eventId: 1, subscriptionId: 2, occurredAt: 1_772_357_400_123, fromObjectId: 3, toObjectId: 4 },
    ...{ subscriptionType: 'contact.associationChange', associationType: 'CONTACT_TO_COMPANY' },
    associationRemoved: false,
  };
  const property = {
    ...{ eventId: 1, subscriptionId: 2, objectId: 3, occurredAt: 1_772_357_400_123 },
    ...{ subscriptionType: 'object.propertyChange', objectTypeId: '0-1', propertyName: 'firstname' },
  };

  it.each<[string, readonly object[]]>([
    [
      'associations by both objects, their kind and what became of them',
      [
        association,
        { ...association, fromObjectId: 5 },
        { ...association, toObjectId: 5 },
        { ...association, associationType: 'CONTACT_TO_DEAL' },
        { ...association, associationTypeId: 279 },
        { ...association, associationRemoved: true },
      ],
    ],
    ['properties of any object by their names', [property, { ...property, propertyName: 'lastname' }]],
  ])('tells %s apart, and not two attempts of one', (_what, events) => {
    const keys = (attemptNumber: number) =>
      eventsIn(hubspot, JSON.stringify(events.map((event) => ({ ...event, attemptNumber })))).map(({ key }) => key);
    expect(new Set(keys(0)).size).toBe(events.length);
    expect(keys(1)).toEqual(keys(0));
  });

  it('has the keys of all other events as they were', () => {
    const { objectTypeId, ...creation } = { ...property, subscriptionType: 'object.creation' };
    for (const event of [creation, { ...creation, objectTypeId }, { ...property, subscriptionType: 'contact.merge' }])
      expect(eventsIn(hubspot, JSON.stringify([event]))).toMatchObject([{ key: '1:2 3 1772357400123' }]);
  });
});

describe('dLocal', () => {
  const verification = '{"id":"8c0e1f7a","event_type":"VERIFICATION_COMPLETED"}';
  const paid = signed(dlocal, verification);
  const value = headerOf(paid, 'authorization');
  const inOwnHeader = (text: string) => withHeader(withHeader(paid, 'authorization', undefined), 'signature', [text]);

  it('has the signature of verifications and platforms in a header of its own, with the prefix or without', () => {
    const mac = value.replace('V2-HMAC-SHA256, Signature: ', '');
    for (const text of [value, mac]) expect(refusal(dlocal, inOwnHeader(text))).toBe('accepted');
    expect(refusal(dlocal, inOwnHeader('0'.repeat(64)))).toBe('signature_mismatch');
    expect(refusal(dlocal, inOwnHeader('Signature: 0'))).toBe('malformed_signature');
    expect(refusal(dlocal, withHeader(inOwnHeader(mac), 'x-login', ['another']))).toBe('signature_mismatch');
    expect(refusal(dlocal, withHeader(paid, 'authorization', undefined))).toBe('missing_signature');
  });

  it('knows a verification by its id, and a notification of platforms by its account and time', () => {
    expect(eventsIn(dlocal, verification)).toMatchObject([
      { key: 'VERIFICATION_COMPLETED:8c0e1f7a', type: 'VERIFICATION_COMPLETED' },
    ]);
    const platforms = {
      ...{ account_id: 'd907f733', event_type: 'ACCOUNT_STATUS_UPDATE', notification_date: '2026-02-26T13:07:08.000Z' },
      payload: { status: 'APPROVED' },
    };
    const of = (change: object) => eventsIn(dlocal, JSON.stringify({ ...platforms, ...change }))[0];
    expect(of({})).toMatchObject({ type: 'ACCOUNT_STATUS_UPDATE', time: '2026-02-26T13:07:08.000Z' });
    for (const change of [{ account_id: 'd907f734' }, { notification_date: '2026-02-26T13:07:09.000Z' }])
      expect(of(change)?.key).not.toBe(of({})?.key);
    for (const change of [{ account_id: null }, { notification_date: null }])
      expect(of(change)).toMatchObject({ quarantine: 'no_event_id' });
  });
});

it.each(['template-created', 'template-modified', 'template-deleted'])('DocuSign says %s of a template', (event) => {
  const of = (templateId: string) =>
    eventsIn(
      docusign,
      JSON.stringify({
        event,
        generatedDateTime: '2026-02-26T10:00:00.0000000Z',
        data: { accountId: 'a', templateId },
      }),
    )[0];
  expect(of('t1')).toMatchObject({ key: `${event}:t1  2026-02-26T10:00:00.0000000Z`, type: event });
  expect(of('t1')).not.toHaveProperty('quarantine');
  expect(of('t2')?.key).not.toBe(of('t1')?.key);
});

it('iDenfy says in a header what a webhook is that has no overall status, and the customer makes its key', () => {
  const headers = { 'idenfy-event-type': 'COMPANY_AML_REVIEW' };
  expect(eventsIn(idenfy, '{"companyId":"c","overallStatus":"NO_FLAGS"}', headers)).toMatchObject([
    { type: 'COMPANY_AML_REVIEW' },
  ]);
  expect(eventsIn(idenfy, '{"status":{"overall":"APPROVED"}}', headers)).toMatchObject([{ type: 'APPROVED' }]);
  expect(idenfy.secret.madeBy).toBe('customer');
});

it("Jira's empty body of a webhook that excludes it is authentic, and waits", () => {
  expect(eventsIn(jira, '', { 'x-atlassian-webhook-identifier': 'i1' })).toMatchObject([{ quarantine: 'not_json' }]);
});
