import { describe, expect, it } from '@jest/globals';
import { HANDLED_SOURCE, normalised, SANDBOX_SECRET, SANDBOX_SOURCE } from '../running.ts';
import type { Running } from '../running.ts';
import { eventually } from '../gateway.ts';
import { senders } from '../signer.ts';
import { report } from './views.ts';

const KEY = 'evt_<id>';

export const describeOperations = (running: () => Running): void => {
  /** A command's output, and its exit code; a complaint goes to standard error, and nothing then to standard output. */
  async function ops(line: string, input?: string): Promise<{ readonly code: number; readonly json: unknown }> {
    const { code, json, err } = await running().gateway.ops(line, input);
    if (json === undefined) expect(err.trim().split('\n')).toHaveLength(1);
    else expect(err).toBe('');
    return { code, json: normalised(json ?? null) };
  }
  const keyOf = (body: Buffer): string => (JSON.parse(body.toString('utf8')) as { event_id: string }).event_id;
  const statusOf = async (source: string, key: string): Promise<string | undefined> => {
    const events = await running().gateway.view<{ key: string; status: string }[]>(`/_local/events?source=${source}`);
    return events.find((event) => event.key === key)?.status;
  };
  async function quarantined(): Promise<string> {
    const body = Buffer.from(JSON.stringify(senders.osigu.sample()));
    await running().gateway.deliver(SANDBOX_SOURCE, 'osigu', body, SANDBOX_SECRET);
    return keyOf(body);
  }

  describe('npm run ops -- … --local --json', () => {
    it('status: exit code 1 for what needs attention', async () => {
      const { code, json } = await ops('status');
      const idle = { lastDeliveryAt: '<time>', waiting: 0, deadLetters: 0, alarms: [] };
      const names = ['optum', 'osigu', 'honeybee', 'nvsep', 'nabla', SANDBOX_SOURCE, HANDLED_SOURCE];
      expect(code).toBe(1);
      expect(json).toMatchObject({
        sources: names.map((source) => ({ source, ...idle, inFlight: expect.any(Number) })),
        quarantine: 1,
        gatewayAlarms: [],
        accessLog: 'unknown',
      });
    });

    it('event: what the ledger has of it, by the key that the bus shows', async () => {
      const key = keyOf(running().sent.get('osigu') ?? Buffer.alloc(0));
      const { code, json } = await ops(`event osigu ${key}`);
      expect(code).toBe(0);
      expect(json).toMatchObject({
        ...{ source: 'osigu', eventKey: KEY, eventType: 'authorization.created', status: 'PROCESSED', via: 'webhook' },
        ...{ bodyHash: '<hash>', secretLabel: 'current', secretVersionId: '<id>', deliveries: 2, failures: 0 },
        ...{ firstReceivedAt: '<time>', lastReceivedAt: '<time>', processedAt: '<time>', expiresAt: '<time>' },
        archivedIn: expect.stringMatching(/^archive\/osigu\/.*\.jsonl\.gz$/),
      });
      expect(await ops('event osigu nothing')).toEqual({ code: 1, json: null });
    });

    it('dead-letters and redrive', async () => {
      const none = { source: 'osigu', total: 0, reasons: [], deadLetters: [] };
      expect(await ops('dead-letters osigu')).toMatchObject({ code: 0, json: none });
      expect(await ops('redrive osigu')).toMatchObject({ code: 0, json: { source: 'osigu', moved: 0, left: 0 } });
      expect(await ops('redrive nobody')).toEqual({ code: 1, json: null });
    });

    it('replay --key: the handler gets the same event once more', async () => {
      const body = running().sent.get(HANDLED_SOURCE);
      const { id } = JSON.parse(String(body)) as { id: string };
      const times = (): number =>
        running()
          .handled()
          .filter(({ event }) => event.key === id).length;
      expect(times()).toBe(1);
      const replayed = { source: HANDLED_SOURCE, order: '<id>', replayed: ['<id>'], skipped: [], dryRun: false };
      expect(await ops(`replay ${HANDLED_SOURCE} --key ${id}`)).toMatchObject({ code: 0, json: replayed });
      await eventually(() => times() === 2);
      expect(await ops(`replay ${HANDLED_SOURCE} --key nothing`)).toEqual({ code: 1, json: null });
    });

    it('quarantine list, release and drop', async () => {
      const key = await quarantined();
      const waiting = { source: SANDBOX_SOURCE, reason: 'wrong_environment' };
      const event = { ...waiting, key: KEY, type: 'authorization.created', receivedAt: '<time>' };
      const list = { total: 2, reasons: [{ ...waiting, count: 2 }], events: [event, event] };
      expect(await ops('quarantine list')).toMatchObject({ code: 0, json: list });
      const released = { source: SANDBOX_SOURCE, released: [KEY], refused: [] };
      expect(await ops(`quarantine release ${SANDBOX_SOURCE} ${key}`)).toMatchObject({ code: 0, json: released });
      await eventually(async () => (await statusOf(SANDBOX_SOURCE, key)) === 'PROCESSED');
      const nothing = { source: SANDBOX_SOURCE, dropped: [], refused: [] };
      expect(await ops(`quarantine drop ${SANDBOX_SOURCE} ${key} --yes`)).toMatchObject({ code: 1, json: nothing });

      const events = await running().gateway.view<{ key: string; status: string }[]>(
        `/_local/events?source=${SANDBOX_SOURCE}`,
      );
      const other = events.find(({ status }) => status === 'QUARANTINED')?.key ?? '';
      const dropped = { source: SANDBOX_SOURCE, dropped: [KEY], refused: [] };
      expect(await ops(`quarantine drop ${SANDBOX_SOURCE} ${other} --yes`)).toMatchObject({ code: 0, json: dropped });
      expect(await ops('quarantine list')).toMatchObject({ code: 0, json: { total: 0, reasons: [], events: [] } });
      // Nothing needs attention any more.
      expect(await ops('status')).toMatchObject({ code: 0, json: { quarantine: 0 } });
    });

    it('missed run and status: exit code 1 after a poll that failed', async () => {
      const nothing = report({});
      expect(await ops('missed run optum')).toMatchObject({ code: 0, json: nothing });
      const status = { lastEndedAt: '<time>', lastSucceededAt: '<time>', lastReport: nothing };
      expect(await ops('missed status optum')).toMatchObject({ code: 0, json: status });
      const failed = report({ outcome: 'failed', pages: 0, faults: ['list_http_401'] });
      expect(await ops('missed run nvsep')).toMatchObject({ code: 1, json: failed });
      expect(await ops('missed status nvsep')).toMatchObject({
        code: 1,
        json: { lastEndedAt: '<time>', lastReport: failed },
      });
      expect(await ops('missed run osigu')).toEqual({ code: 1, json: null });
    });

    it('events: the newest first, in pages', async () => {
      const { code, json } = await ops('events osigu --limit 1');
      expect(code).toBe(0);
      const event = { source: 'osigu', id: expect.stringMatching(/^id:/), key: KEY, type: expect.any(String) };
      const times = { receivedAt: '<time>', processedAt: '<time>', deliveries: expect.any(Number), failures: 0 };
      const page = { events: [{ ...event, status: 'PROCESSED', reason: null, ...times }], searched: 1 };
      expect(json).toMatchObject(page);
      expect(await ops('events --status PENDING')).toMatchObject({ code: 0, json: { events: [], next: null } });
      expect(await ops('events osigu --after nothing')).toEqual({ code: 1, json: null });
    });

    it('refused, and explain --last: what was refused, and why', async () => {
      const body = Buffer.from(JSON.stringify(senders.osigu.sample()));
      await running().gateway.deliver(SANDBOX_SOURCE, 'osigu', body, 'a secret of nobody');
      const group = { source: SANDBOX_SOURCE, reason: 'signature_mismatch', count: expect.any(Number) };
      const report = {
        complete: true,
        reasons: [{ ...group, firstAt: '<time>', lastAt: '<time>' }],
        hours: [{ ...group, hour: '<time>' }],
      };
      await eventually(async () => ((await ops(`refused ${SANDBOX_SOURCE}`)).json as { total: number }).total > 0);
      expect(await ops(`refused ${SANDBOX_SOURCE}`)).toMatchObject({ code: 0, json: report });
      const forged = { cause: 'forged_or_unknown_secret', confidence: 'likely' };
      expect(await ops(`explain ${SANDBOX_SOURCE} --last`)).toMatchObject({ code: 1, json: { causes: [forged] } });
      expect(await ops(`explain ${HANDLED_SOURCE} --last`)).toEqual({ code: 1, json: null });
    });

    it('audit list and verify: what operators did', async () => {
      const { code, json } = await ops('audit list --limit 1');
      expect(code).toBe(0);
      const who = { identity: expect.any(String), user: expect.any(String), via: expect.any(String) };
      const run = { at: '<time>', who, operation: expect.any(String), arguments: expect.any(Object), reason: null };
      expect(json).toMatchObject({ runs: [{ ...run, number: expect.any(Number), endedAt: '<time>' }] });
      expect(await ops('audit verify')).toMatchObject({ code: 0, json: { problems: [], unknown: 0 } });
    });

    it('report: what the gateway did', async () => {
      const { code, json } = await ops('report --since 1h --out report.html');
      expect(code).toBe(0);
      const { sources } = json as { sources: { source: string; counts: Record<string, number> }[] };
      expect(json).toMatchObject({ from: '<time>', to: '<time>', stepSeconds: 60, file: 'report.html' });
      expect(sources.find(({ source }) => source === 'osigu')?.counts).toMatchObject({
        ...{ received: expect.any(Number), accepted: expect.any(Number), processed: expect.any(Number) },
      });
      expect(sources.find(({ source }) => source === 'osigu')?.counts.accepted).toBeGreaterThan(0);
    });

    it('urls', async () => {
      const { code, json } = await ops('urls');
      const url = (source: string): string => `http://127.0.0.1:<port>/webhooks/${source}`;
      expect(code).toBe(0);
      expect(json).toMatchObject([
        { source: 'optum', provider: 'Optum Connections', url: url('optum') },
        { source: 'osigu', provider: 'Osigu', url: url('osigu') },
        { source: 'honeybee', provider: 'Honeybee Health', url: url('honeybee') },
        { source: 'nvsep', provider: 'NVSEP', url: url('nvsep') },
        { source: 'nabla', provider: 'Nabla', url: url('nabla') },
        { source: SANDBOX_SOURCE, provider: 'Osigu', url: url(SANDBOX_SOURCE) },
        { source: HANDLED_SOURCE, provider: 'Nabla', url: url(HANDLED_SOURCE) },
      ]);
    });

    it('secret stage, promote, revoke-previous and status; set is for the first one', async () => {
      const secret = 'contract secret that follows the first';
      const version = { versionId: '<id>', createdAt: '<time>', ageDays: 0 };
      const current = { label: 'current', ...version, lastMatchedAt: '<time>' };
      const of = (...versions: object[]) => [
        { source: 'osigu', secret: 'hookgate/dev/osigu', rotation: 'by hand', versions },
      ];
      expect(await ops('secret status osigu')).toMatchObject({ code: 0, json: of(current) });
      expect(await ops('secret set osigu', secret)).toEqual({ code: 1, json: null });
      expect(await ops('secret stage osigu', secret)).toMatchObject({
        code: 0,
        json: { source: 'osigu', pending: '<id>' },
      });
      const pending = { label: 'pending', ...version, lastMatchedAt: null };
      expect(await ops('secret status osigu')).toMatchObject({ code: 0, json: of(current, pending) });
      const promoted = { source: 'osigu', current: '<id>', previousGraceHours: 24 };
      expect(await ops('secret promote osigu')).toMatchObject({ code: 0, json: promoted });
      const revoked = { source: 'osigu', revoked: '<id>', verifiersReplaced: true };
      expect(await ops('secret revoke-previous osigu')).toMatchObject({ code: 0, json: revoked });
      expect(await ops('secret revoke-previous osigu')).toEqual({ code: 1, json: null });
    });
  });
};
