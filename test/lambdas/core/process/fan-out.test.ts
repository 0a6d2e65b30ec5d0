import { describe, expect, it } from '@jest/globals';
import { fanOut, wants } from '../../../../lambdas/core/process/fan-out.ts';
import type { FanOutPorts } from '../../../../lambdas/core/process/fan-out.ts';
import type { Event } from '../../../../lambdas/core/event.ts';
import type { ClaimOutcome, Status } from '../../../../lambdas/core/ports.ts';

const event: Event = {
  ...{ source: 'osigu', provider: 'osigu', key: 'e-1', type: 'invoice.paid', receivedAt: '2026-03-01T09:00:00.000Z' },
  ...{ via: 'webhook', contentType: 'application/json', body: Buffer.from('{}'), bodyHash: 'hash' },
  ...{ evidence: { headers: {} }, reconcileKey: 'r-1', unsignedId: true },
};

/** Targets whose queues can be down, and a ledger that remembers. */
function world(types: Readonly<Record<string, readonly string[] | undefined>>) {
  const statuses = new Map<string, Status>();
  const sent: Event[] = [];
  const down = new Set<string>();
  const of = (one: { readonly source: string; readonly key: string }): string => `${one.source} ${one.key}`;
  const ports: FanOutPorts = {
    observer: { markFailed: () => undefined },
    ledger: {
      claim(claimed): Promise<ClaimOutcome> {
        const status = statuses.get(of(claimed));
        if (status === undefined) statuses.set(of(claimed), 'PENDING');
        const { bodyHash, type } = claimed;
        return Promise.resolve(
          status === undefined
            ? { known: false }
            : { known: true, status, bodyHash, type, deliveries: 1, via: 'webhook' },
        );
      },
      markQueued: (marked) => Promise.resolve(void statuses.set(of(marked), 'QUEUED')),
    },
    targets: Object.entries(types).map(([name, wanted]) => ({
      name,
      ...(wanted && { types: wanted }),
      queue: {
        send: (one) =>
          down.has(name) ? Promise.reject(new Error('the queue is down')) : Promise.resolve(void sent.push(one)),
      },
    })),
  };
  return { ports, sent, down, statuses };
}

describe('handing an event over', () => {
  it('makes it an event of each target that wants its type, and of no other', async () => {
    const { ports, sent, statuses } = world({ 'osigu.a': undefined, 'osigu.b': ['visit.*'], 'osigu.c': ['invoice.*'] });
    await fanOut(event, ports);
    const { reconcileKey, unsignedId, ...rest } = event;
    expect(sent).toStrictEqual(['osigu.a', 'osigu.c'].map((source) => ({ ...rest, source })));
    expect(Object.fromEntries(statuses)).toStrictEqual({ 'osigu.a e-1': 'QUEUED', 'osigu.c e-1': 'QUEUED' });
  });

  it('is done once for each target, however often it is tried, and one whose queue is down holds up no other', async () => {
    const { ports, sent, down } = world({ 'osigu.a': undefined, 'osigu.b': undefined });
    down.add('osigu.a');
    await expect(fanOut(event, ports)).rejects.toThrow('the queue is down');
    expect(sent.map(({ source }) => source)).toStrictEqual(['osigu.b']);
    down.clear();
    await fanOut(event, ports);
    await fanOut(event, ports);
    expect(sent.map(({ source }) => source)).toStrictEqual(['osigu.b', 'osigu.a']);
  });

  it('passes a reprocess order on to each target, which carries it out once', async () => {
    const { ports, sent } = world({ 'osigu.a': undefined });
    await fanOut(event, ports);
    const replay = { id: 'order-1', at: '2026-03-02T09:00:00.000Z', by: 'somebody' };
    await fanOut({ ...event, replay }, ports);
    expect(sent.map((one) => one.replay?.id)).toStrictEqual([undefined, 'order-1']);
  });
});

describe('the types of a target', () => {
  it.each([
    [undefined, 'anything', true],
    [['invoice.paid'], 'invoice.paid', true],
    [['invoice.paid'], 'invoice.paid.late', false],
    [['invoice.*'], 'invoice.', true],
    [['invoice.*'], 'invoices.paid', false],
    [['*.paid'], 'invoice.paid', true],
    [['*.paid'], 'invoice.paid.late', false],
    [['a*b*c'], 'a-b-c', true],
    [['a*b*c'], 'ac', false],
    [['ab*ba'], 'aba', false],
    [['*'], '', true],
    [['x', 'in*'], 'invoice', true],
  ])('%j wants %j: %j', (types, type, expected) => {
    expect(wants(types, type)).toBe(expected);
  });
});
