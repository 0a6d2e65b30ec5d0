import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { open, startBrowser, violations } from './browser.ts';
import { run, until } from './gateway.ts';
import type { Running } from './gateway.ts';
import { choose, pick, press, tabTo, type } from './keyboard.ts';

let running: Running;
let browser: Browser;
let page: Page;
let troubles: readonly string[];

beforeAll(async () => {
  [running, browser] = await Promise.all([run(), startBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await running.stop();
});
beforeEach(async () => {
  const watched = await open(browser, running.address);
  ({ page, troubles } = watched);
});
afterEach(async () => {
  expect(troubles).toEqual([]);
  await page.context().close();
});

const go = async (view: string): Promise<void> => {
  await page.goto(`${new URL(running.address).origin}/#/${view}`);
  await page.locator('h1').first().waitFor();
};

const text = (): Promise<string> => page.locator('body').innerText();
const shows = (what: string | RegExp): Promise<string> =>
  until(text, (all) => (typeof what === 'string' ? all.includes(what) : what.test(all)));

/** Reads what will happen, says why, does it, and reads what came of it; by the keyboard alone. */
async function decide(verb: string, consequence: RegExp, outcome: RegExp, secret?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  expect(await dialog.innerText()).toMatch(consequence);
  if (secret !== undefined) await type(page, /The secret/, secret);
  await type(page, /Why/, 'a test of the console');
  await press(page, new RegExp(`^${verb} \\|`));
  await until(
    () => dialog.innerText(),
    (said) => outcome.test(said),
  );
  if (secret !== undefined) expect(await page.content()).not.toContain(secret);
  await press(page, /^Close \| BUTTON/);
  await dialog.waitFor({ state: 'detached' });
}

/** Has a queue's list show a text: a message that somebody has just looked at is hidden for a while. */
async function waitsIn(view: string, what: string | RegExp): Promise<void> {
  await go(view);
  await until(
    async () => {
      await press(page, /^Refresh/);
      await page.waitForTimeout(2_500);
      return text();
    },
    (all) => (typeof what === 'string' ? all.includes(what) : what.test(all)),
  );
}

describe('by the keyboard alone', () => {
  it('a view is opened, and a screen reader starts with its heading', async () => {
    await press(page, /^Events \| A/);
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
    await until(
      () => page.evaluate<string>('document.activeElement.tagName'),
      (tag) => tag === 'H1',
    );
    expect(page.url()).toMatch(/#\/events$/);
  });

  it('a delivery is sent in each way, and shown within moments with its story', async () => {
    for (const [way, answer] of [
      ['Valid', /200\s+accepted/],
      ['Forged', /401\s+signature_mismatch/],
      ['Stale', /401\s+timestamp_out_of_window/],
      ['Altered', /401\s+signature_mismatch/],
      ['Twice', /200\s+duplicate/],
    ] as const) {
      await go('send?source=osigu');
      if (way !== 'Valid') await pick(page, /^Delivery/, new RegExp(`^${way}`));
      await press(page, /^Send \| BUTTON/);
      await shows(answer);
      expect(await text()).not.toMatch(/\sNo\s*$/);
    }
    await press(page, /^Events of osigu/);
    await press(page, /^evt_\S+ \|? ?A?/);
    await shows('Story');
    await shows(/Delivered, and verified with the current secret[\s\S]*Queued[\s\S]*Processed/);
    await press(page, /^Process again/);
    await decide('Process again', /processed again from the archive/, /in the queue, to be processed again/);
    await shows(/Processed again, by order of/);
  });

  it('new events come by themselves, unless that is turned off', async () => {
    await go('events?source=nvsep');
    await shows('No such event');
    const started = Date.now();
    await running.deliver('nvsep');
    await page.getByRole('link', { name: /-/ }).first().waitFor();
    expect(Date.now() - started).toBeLessThan(5_000);
    await tabTo(page, /Live/);
    await page.keyboard.press('Space');
    await until(
      () => Promise.resolve(page.url()),
      (url) => url.includes('live=off'),
    );
  });

  it('events are filtered, and the address says how', async () => {
    await running.deliver('osigu');
    await go('events');
    await pick(page, /^Source/, /^osigu/);
    await pick(page, /^Status/, /^PROCESSED/);
    await type(page, /Type/, 'authorization.created');
    await until(
      () => Promise.resolve(page.url()),
      (url) => url.includes('type=authorization.created'),
    );
    expect(page.url()).toMatch(/source=osigu.*status=PROCESSED/);
    await shows(/evt_/);
    await page.reload();
    await shows(/evt_/);
    await type(page, /Type/, 'no such type');
    await shows('No such event');
    await page.goBack();
    await shows(/evt_/);
  });

  it('a refusal is explained', async () => {
    await go('send?source=osigu&way=forged');
    await press(page, /^Send \| BUTTON/);
    await shows('signature_mismatch');
    await go('refused?source=osigu');
    await press(page, /^Explain the last one of osigu/);
    await shows(/verifications were tried/);
    expect(page.url()).toContain('explain=osigu');
  });

  it('events in quarantine are looked at, released and dropped', async () => {
    const sandbox = (body: Record<string, unknown>) => ({ ...body, environment: 'sandbox' });
    await running.deliver('osigu', sandbox);
    await running.deliver('osigu', sandbox);
    await waitsIn('quarantine', /\(2\)/);
    await press(page, /^Show bodies/);
    await page.getByRole('dialog').waitFor();
    expect(await page.getByRole('dialog').innerText()).toContain('health data');
    await press(page, /^Show the bodies \| BUTTON/);
    await shows('"sandbox"');
    await press(page, /^Hide bodies/);
    await waitsIn('quarantine', /\(2\)/);
    await press(page, /^Pick evt_/, 'Space');
    await press(page, /^Release \| BUTTON/);
    await decide('Release', /its handler runs|goes into its queue/i, /1 event of osigu is in its queue/);
    await waitsIn('quarantine', /\(1\)/);
    await press(page, /^Pick all events/, 'Space');
    await press(page, /^Drop \| BUTTON/);
    await decide('Drop', /cannot be taken back/, /1 event of osigu is dropped/);
    await waitsIn('quarantine', 'Nothing waits in quarantine');
  });

  it('dead letters are redriven and given up', async () => {
    await running.deliver('failing');
    await running.deliver('failing');
    await waitsIn('dead-letters?source=failing', /\(2\)/);
    await press(page, /^Pick .+ of failing/, 'Space');
    await press(page, /^Redrive \| BUTTON/);
    await decide('Redrive', /tried again/, /is back in its queue/);
    await waitsIn('dead-letters?source=failing', /\(2\)/);
    await press(page, /^Redrive all/);
    await decide('Redrive all', /go back into their queue/, /\d+ dead letters? of failing (is|are) back in its queue/);
    await waitsIn('dead-letters?source=failing', /\(2\)/);
    await press(page, /^Pick all events/, 'Space');
    await press(page, /^Give up \| BUTTON/);
    await decide('Give up', /cannot be taken back/, /2 of 2[\s\S]*dropped[\s\S]*dropped/);
    await waitsIn('dead-letters?source=failing', 'has no dead letters');
  });

  it('the fate of an event at each target is shown, and what failed at one is redriven there', async () => {
    await running.deliver('shared');
    await waitsIn('dead-letters?source=shared.partner', 'http_connection_ECONNREFUSED');
    await go('');
    const row = async (name: string): Promise<string> =>
      (await page.getByRole('row', { name: new RegExp(`^${name}`) }).innerText()).replaceAll(/\s+/g, ' ');
    await until(
      () => row('shared.partner'),
      (cells) => cells.includes('0 d old'),
    );
    expect(await row('shared.billing')).not.toContain('…');
    expect(await row('shared.billing')).not.toContain('d old');
    await go('dead-letters');
    await pick(page, /^Source or target/, /^shared\.partner/);
    await shows('Dead letters of shared.partner');
    await go('secrets?source=shared.partner');
    await shows(/Requests to the target are signed with it[\s\S]*Since/);
    expect(await text()).not.toContain('Last matched');
    await go('events?source=shared');
    const key = page.getByRole('rowheader').getByRole('link').first();
    await key.waitFor();
    await page.goto(`${new URL(running.address).origin}/${(await key.getAttribute('href')) ?? ''}`);
    const all = await shows(/At the targets[\s\S]*shared\.partner[\s\S]*shared\.rare/);
    expect(all).toMatch(/shared\.billing\s+Handed over/);
    expect(all).toMatch(/shared\.rare\s+nothing, since it gets no events of this type/);
    expect(all).toContain('http_connection_ECONNREFUSED');
    expect(await violations(page)).toEqual([]);
    await choose(page, /^Actions at shared\.partner/, /^Redrive/);
    await decide('Redrive', /goes back into its queue/, /of shared\.partner is back in its queue/);
  });

  it('a secret is staged, promoted, revoked and set, and never shown', async () => {
    const [first, second] = ['a new secret of the browser test, 1', 'a new secret of the browser test, 2'];
    await go('secrets?source=osigu');
    await press(page, /^Stage a new secret of osigu/);
    await decide('Stage', /accepted at once/, /is pending/, first);
    await press(page, /^Promote the pending secret/);
    await decide('Promote', /becomes the current one/, /is the current one now/);
    await press(page, /^Revoke the previous secret/);
    await decide('Revoke the previous', /refused from now on/, /is revoked/);
    const { secretArn = '' } = running.gateway.sources.find(({ name }) => name === 'osigu') ?? {};
    const client = new SecretsManagerClient(running.gateway.aws);
    await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: ' ' }));
    await press(page, /^Refresh/);
    await press(page, /^Set the secret of osigu/);
    await decide('Set', /becomes the current secret/, /is set/, second);
  });

  it('a source is paused and resumed', async () => {
    await go('');
    await choose(page, /^Actions for nvsep/, /^Pause/);
    await decide('Pause', /its events wait/, /is paused/);
    await shows('a test of the console');
    await choose(page, /^Actions for nvsep/, /^Resume/);
    await decide('Resume', /processed again/, /goes on/);
  });

  it('missed events are polled for', async () => {
    await go('missed');
    await press(page, /^Poll now: nvsep/);
    await decide('Poll now', /provider is asked now/, /outcome/);
    await shows('The last poll succeeded');
  });

  it('the catalogue is searched', async () => {
    await go('providers');
    await type(page, /Search/, 'stripe');
    await shows(/\(\d of \d+\)/);
    await until(
      () => Promise.resolve(page.url()),
      (url) => url.includes('search=stripe'),
    );
  });

  it('the colours are chosen, and stay so', async () => {
    await choose(page, /^Colours/, /^Dark/);
    await until(
      () => page.evaluate<string>('document.body.className'),
      (name) => name.includes('dark'),
    );
    await page.reload();
    await until(
      () => page.evaluate<string>('document.body.className'),
      (name) => name.includes('dark'),
    );
  });
});
