import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { secretOf } from '../gateway.ts';
import { normalised, processed, providerOf, SANDBOX_SECRET, SANDBOX_SOURCE } from '../running.ts';
import type { Running } from '../running.ts';
import { senders } from '../signer.ts';
import type { ProviderName } from '../signer.ts';

const number = expect.any(Number) as unknown as number;

/** The report of a poll that found nothing, but for what is known to differ. */
export const report = (known: object): Record<string, unknown> => ({
  ...{ outcome: 'succeeded', pages: number, listed: 0, accepted: 0, known: 0, quarantined: 0, failed: 0 },
  ...{ acknowledged: 0, left: 0, malformed: {}, reopened: false, faults: [], oldestSeconds: number, ...known },
});

export const describeStart = (running: () => Running): void => {
  describe('npm start', () => {
    it('prints where it listens, each URL, where to look, and the address of the stand-ins', () => {
      const { url, out, err } = running().gateway;
      const lines = out.split('\n');
      expect(lines[0]).toBe(`Hookgate is listening on ${url}`);
      for (const source of [...running().sent.keys(), SANDBOX_SOURCE])
        expect(lines.map((line) => line.trim().split(/\s+/))).toContainEqual([source, `${url}/webhooks/${source}`]);
      expect(lines).toContainEqual(
        expect.stringMatching(/npm run demo.*\/_local\/events.*\/_local\/bus.*\/_local\/queues/),
      );
      expect(lines.filter((line) => /APIs: http:\/\/\S+/.test(line))).toHaveLength(1);
      expect(err).toBe('');
    });
  });

  describe('POST /webhooks/<source>', () => {
    it.each(Object.keys(senders) as ProviderName[])('of %s takes, knows and refuses a delivery', async (name) => {
      const { gateway, sent, replies } = running();
      const body = sent.get(name) ?? Buffer.alloc(0);
      expect(replies.get(name)).toEqual({ status: 200, body: { status: 'accepted' } });
      expect(await gateway.deliver(name, name, body)).toEqual({ status: 200, body: { status: 'duplicate' } });
      expect(await gateway.deliver(name, name, body, 'another secret')).toEqual({
        status: senders[name].refusedWith,
        body: { error: 'signature_mismatch' },
      });
    });

    it('takes the secret of HOOKGATE_SECRET_<SOURCE>, and quarantines what is of another environment', async () => {
      const { gateway } = running();
      const body = Buffer.from(JSON.stringify(senders.osigu.sample()));
      const provider = providerOf(SANDBOX_SOURCE);
      expect(await gateway.deliver(SANDBOX_SOURCE, provider, body, secretOf(SANDBOX_SOURCE))).toMatchObject({
        status: 401,
      });
      expect(await gateway.deliver(SANDBOX_SOURCE, provider, body, SANDBOX_SECRET)).toEqual({
        status: 200,
        body: { status: 'quarantined' },
      });
    });

    it('of no source is 404', async () => {
      const nobody = await running().gateway.request('POST', '/webhooks/nobody', {});
      expect(nobody).toEqual({ status: 404, body: { error: 'unknown_source' } });
    });
  });
};

export const describeViews = (running: () => Running): void => {
  describe('/_local', () => {
    it('events: each event, also of one source', async () => {
      const events = await running().gateway.view<{ source: string }[]>('/_local/events');
      for (const source of [...running().sent.keys(), SANDBOX_SOURCE])
        expect(events).toContainEqual(expect.objectContaining({ source }));
      expect(normalised(await running().gateway.view('/_local/events?source=osigu'))).toMatchObject([
        {
          ...{ source: 'osigu', key: 'evt_<id>', type: 'authorization.created', status: 'PROCESSED' },
          ...{ deliveries: 2, receivedAt: '<time>', processedAt: '<time>' },
        },
      ]);
      const [waiting] = await running().gateway.view<object[]>(`/_local/events?source=${SANDBOX_SOURCE}`);
      expect(waiting).toMatchObject({ status: 'QUARANTINED', deliveries: 1 });
      expect(waiting).not.toHaveProperty('processedAt');
    });

    it('queues: what waits, by source, and the sum in quarantine', async () => {
      const queues = await running().gateway.view<{ sources: object }>('/_local/queues');
      const empty = { visible: 0, inFlight: number, deadLetters: 0 };
      const names = [...running().sent.keys(), SANDBOX_SOURCE];
      const sources = Object.fromEntries(names.map((name) => [name, empty]));
      expect(queues).toMatchObject({ sources, quarantine: 1 });
      expect(Object.keys(queues.sources).sort()).toEqual(names.sort());
    });

    it('missed-events: polls the stand-in that _control fills, and tells of the last poll', async () => {
      const { gateway, sent } = running();
      const fakes = /APIs: (http:\/\/\S+)/.exec(gateway.out)?.[1] ?? '';
      const control = `${fakes}/_control/optum/subscription-optum`;
      const missed = await gateway.request('POST', control, [senders.optum.sample()]);
      expect(missed).toMatchObject({ status: 200, body: { ok: true } });
      expect(await gateway.view(control)).toHaveLength(1);
      expect(await gateway.request('GET', '/_local/missed-events/optum')).toEqual({ status: 200, body: {} });
      const found = report({ listed: 1, accepted: 1, acknowledged: 1, reopened: true });
      expect(await gateway.request('POST', '/_local/missed-events/optum')).toMatchObject({ status: 200, body: found });
      expect(await gateway.view(control)).toEqual([]);
      const status = await gateway.view<{ lastReport: string }>('/_local/missed-events/optum');
      expect(normalised(status)).toMatchObject({ lastEndedAt: '<time>', lastSucceededAt: '<time>' });
      expect(JSON.parse(status.lastReport)).toMatchObject(found);
      await processed(gateway, sent.size + 1);
      const bus = await gateway.view<{ detail: { metadata: object } }[]>('/_local/bus');
      expect(bus.at(-1)?.detail.metadata).toMatchObject({ source: 'optum', via: 'poll' });

      // Its API knows another token than HOOKGATE_CREDENTIALS_NVSEP.
      const refused = report({ outcome: 'failed', pages: 0, faults: ['list_http_401'] });
      expect(await gateway.request('POST', '/_local/missed-events/nvsep')).toMatchObject({
        status: 200,
        body: refused,
      });
      expect(await gateway.request('POST', '/_local/missed-events/osigu')).toMatchObject({ status: 400 });
    });

    it('faults: are taken, listed, met and cleared', async () => {
      const { gateway } = running();
      const rule = { service: 'sqs', action: 'SendMessage', times: 100, status: 500, code: 'InternalFailure' };
      const all = { ...rule, skip: 0, probability: 1, kind: 'error', after: false, delayMs: 1000 };
      expect(await gateway.request('POST', '/_local/faults', rule)).toMatchObject({ status: 200, body: [all] });
      expect(await gateway.view('/_local/faults')).toMatchObject([all]);
      const body = Buffer.from(JSON.stringify(senders.nvsep.sample()));
      expect(await gateway.deliver('nvsep', 'nvsep', body)).toEqual({ status: 503, body: { error: 'unavailable' } });
      expect(await gateway.request('DELETE', '/_local/faults')).toEqual({ status: 200, body: [] });
      expect(await gateway.deliver('nvsep', 'nvsep', body)).toMatchObject({ status: 200 });
    });
  });
};

export const describeEnd = (
  running: () => Running,
  again: () => Promise<{ view: Running['gateway']['view'] }>,
): void => {
  describe('HOOKGATE_DATA_DIR', () => {
    it('keeps the events over an end by Ctrl-C, which is exit code 0', async () => {
      const { gateway, env } = running();
      const before = await gateway.view<{ key: string }[]>('/_local/events');
      expect(await gateway.stop()).toBe(0);
      expect(readdirSync(env.HOOKGATE_DATA_DIR ?? '')).not.toEqual([]);
      const after = await (await again()).view<{ key: string }[]>('/_local/events');
      expect(after.map(({ key }) => key).sort()).toEqual(before.map(({ key }) => key).sort());
    });
  });
};
