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
import type { Opened } from './browser.ts';
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

type Theme = 'light' | 'dark';
/** As where the system changes it while the page is open. Colours that are still on their way to it are there at once. */
async function inTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction((scheme) => { const of = document.querySelector('.fui-FluentProvider'); return of !== null && getComputedStyle(of).colorScheme === scheme; }, theme);
  await page.evaluate(() => document.getAnimations().forEach((each) => { if (each instanceof CSSTransition) each.finish(); }));
}

/** What is wrong with how a view looks, at each size and in both themes, a line each. */
async function problemsOfLook(page: Page, view: View): Promise<string[]> {
  const problems: string[] = [];
  for (const { look, ...size } of sizes) {
    await page.setViewportSize(size);
    for (const theme of ['light', 'dark'] satisfies Theme[]) {
      await inTheme(page, theme);
      const where = `${view[0]} (${view[1]}), ${size.width} px, ${theme}`;
      // The other theme has other colours and the same structure: they are looked at in one size.
      if (look && (theme === 'light' || size.width > 1000)) problems.push(...(await findings(page, theme === 'dark' ? ['color-contrast'] : undefined)).map((finding) => `${where}: ${finding}`));
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (beyond > 0) problems.push(`${where}: ${beyond} px wider than the window`);
      await picture(page, view, `${size.width} ${theme}`);
    }
  }
  return problems;
}

describe('every page', { skip: withoutBrowser }, () => {
  let studio: StudioUnderTest;
  const [look, keyboard, troubles]: [string[], string[], string[]] = [[], [], []];

  /** Each view is opened once, in the narrowest window: it is looked at, and then gone through. */
  async function visit({ page }: Opened, views: readonly View[]): Promise<void> {
    for (const view of views) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 360, height: 740 });
      await show(page, studio.origin, view);
      look.push(...await problemsOfLook(page, view));
      await inTheme(page, 'light');
      await page.setViewportSize({ width: 1280, height: 900 });
      keyboard.push(...(await keyboardProblems(page)).map((problem) => `${view[0]} (${view[1]}): ${problem}`));
    }
  }
  before(async () => {
    studio = await StudioUnderTest.start();
    await studio.deployChat();
    await studio.deployChat('gone');
    const { id } = await studio.installation.json<{ id: string }>('deployments', 'delete', 'gone');
    const options = { reducedMotion: 'reduce' as const };
    const [outside, inside] = [await open(studio.browser, studio.origin, options), await studio.open(options)];
    await visit(outside, beforeSigningIn);
    await visit(inside, everyPage('smollm2-135m-instruct-kept', 'demo', id));
    troubles.push(...outside.troubles, ...inside.troubles);
  }, { timeout: folder === undefined ? 900_000 : 1_800_000 });
  after(async () => { await studio?.close(); });

  test('in both themes, from 360 px to 4K, has no serious or critical problem and is no wider than its window', () => assert.deepEqual(look, []));
  test('is used by keyboard alone: each control is reached by Tab or arrow keys, is seen to be, and Tab leaves it', () => assert.deepEqual(keyboard, []));
  test('causes nothing that the policy has to stop', () => assert.deepEqual(troubles, []));
});
