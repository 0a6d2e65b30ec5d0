/** `npm run screenshots`: the README's two pictures of the console, of a gateway that has just shown its demo. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../lib/config/config.ts';
import { open, startBrowser } from './browser.ts';
import { run, until } from './gateway.ts';

const IMAGES = join(REPOSITORY, 'docs/images');
const SIZE = { width: 1180, height: 760 };

const [running, browser] = await Promise.all([run(), startBrowser()]);
mkdirSync(IMAGES, { recursive: true });
try {
  for (let turn = 0; turn < 6; turn++) {
    for (const source of ['osigu', 'nvsep']) await running.deliver(source);
    if (turn % 3 === 0) await running.deliver('osigu', (body) => ({ ...body, environment: 'sandbox' }));
  }
  await running.deliver('failing');
  const { page } = await open(browser, running.address, { viewport: SIZE, colorScheme: 'light' });
  const { origin } = new URL(running.address);
  const text = (): Promise<string> => page.locator('main').innerText();
  await page.goto(`${origin}/#/events`);
  await until(text, (all) => (all.match(/PROCESSED/g) ?? []).length >= 12);
  await page.screenshot({ path: join(IMAGES, 'console-events.png') });
  await page.getByRole('link', { name: /^evt_/ }).last().click();
  await until(text, (all) => all.includes('Story') && all.includes('Processed'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(IMAGES, 'console-event.png') });
} finally {
  await browser.close();
  await running.stop();
}
console.log(`The pictures are in ${IMAGES}.`);
