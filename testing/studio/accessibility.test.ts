/**
 * Every page and what opens on it, in both themes, from the narrowest window to 4K: no serious problem that axe-core finds, everything reached by keyboard and seen to be, nothing that
 * the policy had to stop. With PICTURES=FOLDER a picture of each is left there, for eyes.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { findings } from './axe.ts';
import { open, withoutBrowser } from './browser.ts';
import { beforeSigningIn, everyPage, show } from './every-page.ts';
import type { View } from './every-page.ts';
import { keyboardProblems } from './keyboard.ts';
import { StudioUnderTest } from './studio-under-test.ts';

const folder = process.env['PICTURES'];
/** The widest differs from the middle only in its room: axe need not look again. */
const sizes = [{ width: 360, height: 740, look: true }, { width: 1280, height: 900, look: true }, { width: 3840, height: 2160, look: false }];

async function picture(page: Page, [path, what]: View, more: string): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const name = `${path.replace(/\?.*/, '').slice(1).replaceAll('/', '-')} ${what} ${more}`.replaceAll(' ', '-');
  // What lies over a page lies over its window, not over its whole length.
  const over = await page.getByRole('dialog').or(page.getByRole('alertdialog')).count() > 0;
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: !over });
}

/** What is wrong with a view at each size, a line each. */
async function problemsOf(page: Page, origin: string, view: View, theme: string): Promise<string[]> {
  const problems: string[] = [];
  await page.setViewportSize({ width: 360, height: 740 });
  await show(page, origin, view);
  for (const { look, ...size } of sizes) {
    await page.setViewportSize(size);
    const where = `${view[0]} (${view[1]}), ${size.width} px, ${theme}`;
    // The other theme has other colours and the same structure: it is looked at in one size.
    if (look && (theme === 'light' || size.width > 1000)) problems.push(...(await findings(page)).map((finding) => `${where}: ${finding}`));
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (beyond > 0) problems.push(`${where}: ${beyond} px wider than the window`);
    await picture(page, view, `${size.width} ${theme}`);
  }
  return problems;
}

describe('every page', { skip: withoutBrowser, timeout: folder === undefined ? 700_000 : 1_200_000 }, () => {
  let studio: StudioUnderTest;
  let pages: readonly View[] = [];
  before(async () => {
    studio = await StudioUnderTest.start();
    await studio.deployChat();
    await studio.deployChat('gone');
    const { id } = await studio.installation.json<{ id: string }>('deployments', 'delete', 'gone');
    pages = everyPage('smollm2-135m-instruct-kept', 'demo', id);
  });
  after(async () => { await studio.close(); });

  for (const theme of ['light', 'dark'] as const) {
    test(`in ${theme}, from 360 px to 4K, has no serious or critical problem, is no wider than its window, and breaks no policy`, async () => {
      const options = { colorScheme: theme, reducedMotion: 'reduce' as const };
      const [outside, inside] = [await open(studio.browser, studio.origin, options), await studio.open(options)];
      const problems: string[] = [];
      for (const view of beforeSigningIn) problems.push(...await problemsOf(outside.page, studio.origin, view, theme));
      for (const view of pages) problems.push(...await problemsOf(inside.page, studio.origin, view, theme));
      await Promise.all([outside.context.close(), inside.context.close()]);
      assert.deepEqual(problems, []);
      assert.deepEqual([...outside.troubles, ...inside.troubles], []);
    });
  }

  test('is used by keyboard alone: each control is reached by Tab or arrow keys, is seen to be, and Tab leaves it', async () => {
    const options = { reducedMotion: 'reduce' as const };
    const [outside, inside] = [await open(studio.browser, studio.origin, options), await studio.open(options)];
    const problems: string[] = [];
    for (const [page, views] of [[outside.page, beforeSigningIn], [inside.page, pages]] as const) {
      for (const view of views) {
        await show(page, studio.origin, view);
        problems.push(...(await keyboardProblems(page)).map((problem) => `${view[0]} (${view[1]}): ${problem}`));
      }
    }
    await Promise.all([outside.context.close(), inside.context.close()]);
    assert.deepEqual(problems, []);
  });
});
