/** Every page, in both themes and at the narrowest width: no serious problem that axe-core finds, everything reached by keyboard, nothing that the policy had to stop. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { findings } from './axe.ts';
import { withoutBrowser } from './browser.ts';
import { everyPage } from './every-page.ts';
import { StudioUnderTest } from './studio-under-test.ts';

/** Waits until nothing on the page says that it is being loaded. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('[role=progressbar][aria-label^="Opening"], .fui-Skeleton') === null, undefined, { timeout: 15_000 });
}

describe('every page', { skip: withoutBrowser, timeout: 400_000 }, () => {
  let studio: StudioUnderTest;
  let pages: readonly string[] = [];
  before(async () => {
    studio = await StudioUnderTest.start();
    await studio.deployChat();
    pages = everyPage('smollm2-135m-instruct-kept', 'demo');
  });
  after(async () => { await studio.close(); });

  for (const [name, options] of Object.entries({
    'in light': { colorScheme: 'light' as const }, 'in dark': { colorScheme: 'dark' as const }, 'in 360 px': { colorScheme: 'light' as const, viewport: { width: 360, height: 740 } },
  })) {
    test(`${name} has no serious or critical problem, is no wider than its window, and breaks no policy`, async () => {
      const { page, context, troubles } = await studio.open(options);
      const problems: string[] = [];
      for (const path of pages) {
        await page.goto(`${studio.origin}/studio${path}`);
        await settled(page);
        problems.push(...(await findings(page)).map((finding) => `${path}: ${finding}`));
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (beyond > 0) problems.push(`${path}: ${beyond} px wider than the window`);
      }
      await context.close();
      assert.deepEqual(problems, []);
      assert.deepEqual(troubles, []);
    });
  }

  test('is used by keyboard alone: each control is reached by Tab, is seen to be, and Tab leaves it', async () => {
    const { page, context } = await studio.open();
    const stuck: string[] = [];
    for (const path of pages) {
      await page.goto(`${studio.origin}/studio${path}`);
      await settled(page);
      stuck.push(...(await unreached(page)).map((control) => `${path}: ${control}`));
    }
    await context.close();
    assert.deepEqual(stuck, []);
  });
});

/** Controls that Tab never came to, going around the page; lists may grow meanwhile. Members of a group that has arrow keys count with their group. */
async function unreached(page: Page): Promise<string[]> {
  const controls = await page.evaluate(() => {
    const shown = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [role=button], [role=switch], [role=checkbox], [role=combobox]')]
      .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: false }) && !each.matches(':disabled, [aria-disabled=true], [tabindex="-1"], [data-tabster-dummy]') && !each.closest('[inert], [aria-hidden=true]'));
    shown.forEach((each, i) => each.setAttribute('data-control', String(i)));
    return shown.map((each) => `${each.tagName.toLowerCase()} ${each.getAttribute('aria-label') ?? each.textContent.slice(0, 40)}`);
  });
  const seen = new Set<number>();
  for (let i = 0; i < controls.length * 2 + 300 && seen.size < controls.length; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => document.activeElement?.getAttribute('data-control') ?? '');
    if (at !== '') seen.add(Number(at));
  }
  const missed = controls.flatMap((control, i) => (seen.has(i) ? [] : [{ control, i }]));
  const grouped = await page.evaluate((indices) => indices.map((i) => document.querySelector(`[data-control="${i}"]`)?.closest('[role=tablist], [role=radiogroup], [role=menu], [role=listbox], [role=toolbar], [role=grid]') !== null), missed.map(({ i }) => i));
  return missed.flatMap(({ control }, at) => (grouped[at] ? [] : [control]));
}
