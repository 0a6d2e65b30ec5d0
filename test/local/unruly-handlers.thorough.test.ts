import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from '../../lib/config/config.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { eventually } from './eventually.ts';
import { SourceClient } from './gateway-client.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-unruly-'));
const effects = join(directory, 'effects.log');

/** Has its effect at once for every event but those that say what else to do. */
const HANDLER = `
import { appendFileSync } from 'node:fs';
export const handler = async (event) => {
  const { act } = event.json ?? {};
  if (act === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
  if (act === 'exit') process.exit(0);
  if (act === 'loop') for (;;);
  appendFileSync(${JSON.stringify(effects)}, event.key + '\\n');
};
`;

let gateway: LocalGateway;
let [unruly, publishing]: SourceClient[] = [];
const lines: string[] = [];

beforeAll(async () => {
  const handler = join(directory, 'handler.js');
  writeFileSync(handler, HANDLER);
  writeFileSync(effects, '');
  const config = resolveConfig({
    stage: 'dev',
    processor: { timeoutSeconds: 15, maxConcurrency: 2 },
    sources: { unruly: { provider: 'osigu', handler }, publishing: { provider: 'osigu' } },
  });
  gateway = await startGateway({ port: 0, config, log: (line) => void lines.push(line) });
  [unruly, publishing] = ['unruly', 'publishing'].map((name) => SourceClient.of(name, config, gateway.url));
}, 180_000);
afterAll(async () => {
  await gateway.stop();
  rmSync(directory, { recursive: true });
}, 120_000);

const newBody = (id: string, more = ''): Buffer =>
  Buffer.from(`{"event_id":"${id}","event_type":"t","environment":"production"${more}}`);

it('a handler that hangs, loops or exits fails its own event, and its neighbours have their effect once', async () => {
  if (!unruly) throw new Error('there is no source');
  const acts = ['hang', 'loop', 'exit'];
  const healthy = Array.from({ length: 9 }, () => randomUUID());
  const bodies = [
    ...healthy.map((id) => newBody(id)),
    ...acts.map((act) => newBody(`${act}-${randomUUID()}`, `,"act":"${act}"`)),
  ];
  const source = unruly;
  const replies = await Promise.all(bodies.map((body) => source.deliver(body)));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  const seen = (): string[] => readFileSync(effects, 'utf8').trim().split('\n').sort();
  await eventually(() => seen().length >= healthy.length, 60_000);
  await eventually(() => ['timed_out', 'handler_exited'].every((reason) => lines.join('\n').includes(reason)), 60_000);
  expect(seen()).toEqual(healthy.toSorted());
  const statuses = new Map((await source.events()).map(({ key, status }) => [key, status]));
  for (const id of healthy) expect(statuses.get(id)).toBe('PROCESSED');
}, 180_000);

it('nine of the largest nested bodies and an innocent event reach the bus within the memory of the function', async () => {
  if (!publishing) throw new Error('there is no source');
  const source = publishing;
  const nested = (index: number): string =>
    index % 2 ? `,"x":${'['.repeat(2_250_000)}${']'.repeat(2_250_000)}` : `,"x":[${'{},'.repeat(1_500_000)}0]`;
  const bodies = [
    ...Array.from({ length: 9 }, (_, index) => newBody(randomUUID(), nested(index))),
    newBody(randomUUID()),
  ];
  // One verifier at a time: this is about the processor.
  for (const body of bodies) expect(await source.deliver(body)).toMatchObject({ status: 200 });
  await eventually(async () => (await source.bus()).length === bodies.length, 120_000);
  const { deadLetters } = (await source.queues()).sources.publishing ?? {};
  expect(deadLetters).toBe(0);
  expect(lines.filter((line) => line.includes('heap'))).toEqual([]);
}, 300_000);
