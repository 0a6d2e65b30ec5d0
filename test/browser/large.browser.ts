import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { keyOf, newItem } from '../../lambdas/adapters/ledger-item.ts';
import { makeEvent } from '../lambdas/core/in-memory.ts';
import { open, startBrowser } from './browser.ts';
import { run, until } from './gateway.ts';
import type { Running } from './gateway.ts';
import { press, type } from './keyboard.ts';

const EVENTS = Number(process.env.EVENTS ?? '100000');
/** Items of one request, and requests that are under way at a time. */
const [BATCH, LANES] = [25, 8];

let running: Running;
let browser: Browser;

beforeAll(async () => {
  [running, browser] = await Promise.all([run(), startBrowser()]);
  await fill();
}, 600_000);
afterAll(async () => {
  await browser.close();
  await running.stop();
});

/** Writes events into the ledger, as its adapter would: one a second, the newest now. */
async function fill(): Promise<void> {
  const client = new DynamoDBClient(running.gateway.aws);
  const stack = (await (await fetch(`${running.gateway.url}/_local/stack`)).json()) as {
    readonly outputs: Readonly<Record<string, string>>;
  };
  const table = stack.outputs.LedgerTable ?? '';
  const [now, expires] = [Date.now(), Math.floor(Date.now() / 1000) + 86_400];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < EVENTS) {
      const first = next;
      next += BATCH;
      const requests = Array.from({ length: Math.min(BATCH, EVENTS - first) }, (_, offset) => {
        const number = first + offset;
        const event = makeEvent({
          ...{ source: 'osigu', key: `evt_${number}`, type: number % 1000 === 999 ? 'rare' : 'usual' },
          receivedAt: new Date(now - number * 1000).toISOString(),
        });
        return {
          PutRequest: { Item: { ...keyOf(event), ...newItem(event, 'PROCESSED', expires), deliveries: { N: '1' } } },
        };
      });
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

it('shows the newest of many events soon, and pages and filters through them', async () => {
  const { page, troubles } = await open(browser, running.address);
  const text = (): Promise<string> => page.locator('main').innerText();
  const { origin } = new URL(running.address);
  const started = performance.now();
  await page.goto(`${origin}/#/events?source=osigu`);
  await until(text, (all) => all.includes('evt_0'));
  const shown = performance.now() - started;
  process.stdout.write(`${EVENTS} events: the newest are shown after ${Math.round(shown)} ms\n`);
  expect(shown).toBeLessThan(5_000);
  expect(await page.locator('tbody tr').count()).toBe(50);

  await press(page, /^Older/);
  await until(text, (all) => all.includes('evt_50') && all.includes('evt_99') && !all.includes('evt_49'));
  expect(page.url()).toContain('after=');
  await press(page, /^Newest/);
  await until(text, (all) => all.includes('evt_0'));
  await type(page, /Type/, 'rare');
  await until(text, (all) => all.includes('evt_999') && all.includes('evt_4999'));
  await page.goto(`${origin}/#/events/osigu/evt_${EVENTS - 1}`);
  await until(text, (all) => all.includes('Story'));
  // The overview looks at the whole ledger of one machine: it may take its time, and must come.
  await page.goto(`${origin}/#/`);
  await until(text, (all) => all.includes('Sources'));
  expect(troubles).toEqual([]);
});
