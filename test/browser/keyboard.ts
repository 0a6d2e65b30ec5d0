import type { Page } from 'playwright-core';

/** The element that has the focus, as a screen reader would name it. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return '';
  const labelled = element.getAttribute('aria-labelledby');
  const named = labelled && labelled.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  const label = element.id && document.querySelector('label[for="' + CSS.escape(element.id) + '"]')?.textContent;
  return [element.getAttribute('aria-label'), named, label, element.textContent, element.getAttribute('role') ?? element.tagName]
    .filter(Boolean).join(' | ').replaceAll(/\\s+/g, ' ').trim();
})()`;

export const focused = (page: Page): Promise<string> => page.evaluate<string>(FOCUSED);

const MOST_STEPS = 150;

/** Presses Tab until an element of that name has the focus. Throws an error if none gets it. */
export async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    const now = await focused(page);
    if (name.test(now)) return;
    seen.push(now.slice(0, 60));
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not reach ${String(name)}; it reached: ${[...new Set(seen)].join('; ')}`);
}

/** Goes to an element and presses Enter. */
export async function press(page: Page, name: RegExp, key = 'Enter'): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

/** Opens a menu and chooses an item, by the arrow keys. */
export async function choose(page: Page, menu: RegExp, item: RegExp): Promise<void> {
  await press(page, menu);
  await page.getByRole('menu').waitFor();
  await tabTo(page, item, 'ArrowDown');
  await page.keyboard.press('Enter');
}

/** Opens a select and picks an option, by the arrow keys. */
export async function pick(page: Page, select: RegExp, option: RegExp): Promise<void> {
  await press(page, select);
  await page.getByRole('listbox').waitFor();
  for (let step = 0; step < 60; step++) {
    const highlighted = page.locator(
      '[role="option"][class*="highlighted"], [role="listbox"] [aria-selected="true"][class*="highlighted"]',
    );
    const text = (await highlighted.count()) > 0 ? ((await highlighted.first().textContent()) ?? '') : '';
    if (option.test(text)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`no option is ${String(option)}`);
}

/** Types into a field, in the place of its text. */
export async function type(page: Page, field: RegExp, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}
