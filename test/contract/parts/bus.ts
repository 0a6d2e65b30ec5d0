import { describe, expect, it } from '@jest/globals';
import { eventually } from '../gateway.ts';
import { HANDLED_SOURCE, normalised } from '../running.ts';
import type { Running } from '../running.ts';

/** The event that is published of each provider's sample. A later field may come beside these; none of them may go. */
const GOLDEN = {
  optum: {
    source: 'hookgate.optum',
    detailType: 'payment_loading_completed',
    detail: {
      metadata: {
        source: 'optum',
        provider: 'optum',
        key: '["payment_loading_completed","<id>","cause_0001","<time>"]',
        type: 'payment_loading_completed',
        time: '<time>',
        receivedAt: '<time>',
        via: 'webhook',
        contentType: 'application/json',
      },
      event: {
        id: '<id>',
        source: '/payments',
        type: 'payment_loading_completed',
        time: '<time>',
        causationId: 'cause_0001',
        data: { amount: 12.5, payee: 'José Ünal' },
      },
    },
  },
  osigu: {
    source: 'hookgate.osigu',
    detailType: 'authorization.created',
    detail: {
      metadata: {
        source: 'osigu',
        provider: 'osigu',
        key: 'evt_<id>',
        type: 'authorization.created',
        time: '<time>',
        receivedAt: '<time>',
        via: 'webhook',
        contentType: 'application/json',
      },
      event: {
        event_id: 'evt_<id>',
        event_type: 'authorization.created',
        created_at: '<time>',
        api_version: '2026-01-01',
        environment: 'production',
        data: { authorization_id: 'auth_1', patient: 'José Núñez' },
      },
    },
  },
  honeybee: {
    source: 'hookgate.honeybee',
    detailType: 'RX_RECEIVED',
    detail: {
      metadata: {
        source: 'honeybee',
        provider: 'honeybee',
        key: '<id>',
        type: 'RX_RECEIVED',
        receivedAt: '<time>',
        via: 'webhook',
        contentType: 'application/json',
      },
      event: {
        event_id: '<id>',
        event_type: 'RX_RECEIVED',
        patient_id: 'v3y4od',
        medication_requests: [{ id: 82, sig_text: "Take 1 tablet (10 mg) at ~8 o'clock! *Never* with pâté" }],
      },
    },
  },
  nvsep: {
    source: 'hookgate.nvsep',
    detailType: 'cfs_exclusions.created',
    detail: {
      metadata: {
        source: 'nvsep',
        provider: 'nvsep',
        key: '<id>',
        type: 'cfs_exclusions.created',
        time: '<time>',
        receivedAt: '<time>',
        via: 'webhook',
        contentType: 'application/json',
      },
      event: {
        id: '<id>',
        type: 'cfs_exclusions.created',
        createdAt: '<time>',
        version: '1.0',
        data: { id: '<id>', startDate: '2026-01-01', endDate: '2026-12-31' },
      },
    },
  },
  nabla: {
    source: 'hookgate.nabla',
    detailType: 'generate_note_async.succeeded',
    detail: {
      metadata: {
        source: 'nabla',
        provider: 'nabla',
        key: '<id>',
        type: 'generate_note_async.succeeded',
        time: '<time>',
        receivedAt: '<time>',
        via: 'webhook',
        contentType: 'application/json',
      },
      event: {
        id: '<id>',
        created_at: '<time>',
        type: 'generate_note_async.succeeded',
        data: { id: 'note-1', status: 'succeeded', payload: { note: { title: 'Synthetic: 37 °C' } } },
      },
    },
  },
};

/** The path to the text in a provider's body that is, or is part of, the event key. */
const ID: Readonly<Record<keyof typeof GOLDEN, string>> = {
  optum: 'id',
  osigu: 'event_id',
  honeybee: 'event_id',
  nvsep: 'id',
  nabla: 'id',
};

interface Entry {
  readonly source: string;
  readonly detail: { readonly metadata: { readonly key: string }; readonly event: unknown };
}

export const describeBus = (running: () => Running): void => {
  describe('the event bus', () => {
    it.each(Object.entries(GOLDEN))('gets an event of %s as it always did', async (provider, golden) => {
      const entries = await running().gateway.view<Entry[]>('/_local/bus');
      const own = entries.filter(({ source }) => source === golden.source);
      expect(own).toHaveLength(1);
      expect(normalised(own[0])).toMatchObject(golden);
      // The event is the provider's own, no field more or less, and its id is in the key unchanged.
      const sent = JSON.parse(String(running().sent.get(provider))) as Record<string, string>;
      expect(own[0]?.detail.event).toEqual(sent);
      const id = sent[ID[provider as keyof typeof GOLDEN]];
      const key = own[0]?.detail.metadata.key;
      expect(provider === 'optum' ? JSON.parse(String(key)) : [key]).toContain(id);
    });

    it('gets no event of a source that has a handler', async () => {
      const entries = await running().gateway.view<Entry[]>('/_local/bus');
      expect(entries.filter(({ source }) => source === `hookgate.${HANDLED_SOURCE}`)).toEqual([]);
    });
  });

  describe("a customer's handler", () => {
    it('gets one event: these fields, the exact body as bytes, and the body parsed', () => {
      const sent = running().sent.get(HANDLED_SOURCE);
      const [handled] = running().handled();
      expect(handled?.types).toMatchObject({
        ...{ source: 'string', provider: 'string', key: 'string', type: 'string', time: 'string' },
        ...{ receivedAt: 'string', via: 'string', contentType: 'string', body: 'object', json: 'object' },
      });
      expect(handled?.body).toBe(sent?.toString('base64'));
      const json = JSON.parse(String(sent)) as Record<string, unknown>;
      expect(handled?.event).toMatchObject({
        source: HANDLED_SOURCE,
        provider: 'nabla',
        key: json.id,
        type: json.type,
        time: json.created_at,
        via: 'webhook',
        contentType: 'application/json',
      });
      expect(handled?.event.json).toEqual(json);
    });

    it('has metrics in the namespace Hookgate, by gateway and source', async () => {
      // They are written once its batch has ended, which is after the handler.
      const written = await eventually(() => {
        const lines = running().metrics();
        return ['Processed', 'ProcessTime'].every((name) => JSON.stringify(lines).includes(name)) ? lines : undefined;
      });
      expect(written[0]).toMatchObject({ source: HANDLED_SOURCE, service: 'hookgate-dev' });
      const directives = written.flatMap((line) => (line._aws as { CloudWatchMetrics: Directive[] }).CloudWatchMetrics);
      const names = directives.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
      expect(names).toEqual(expect.arrayContaining(['Processed', 'ProcessTime']));
      for (const { Namespace, Dimensions } of directives) {
        expect(Namespace).toBe('Hookgate');
        expect(Dimensions.length).toBeGreaterThan(0);
        // A dimension more may come; without these two no query of a customer finds its metric.
        for (const dimensions of Dimensions) expect(dimensions).toEqual(expect.arrayContaining(['service', 'source']));
      }
    });
  });
};

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}
