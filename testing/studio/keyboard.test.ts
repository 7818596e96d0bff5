/** From the catalog to an answer without a mouse: nothing here but keys, and reading what they did. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { ensureModel } from '../models.ts';
import { withoutBrowser } from './browser.ts';
import { tabTo } from './keyboard.ts';
import { answerOf, receiptOf } from './playground-page.ts';
import { StudioUnderTest } from './studio-under-test.ts';

describe('by keyboard alone', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let studio: StudioUnderTest;
  let model = '';
  before(async () => {
    studio = await StudioUnderTest.start();
    model = await ensureModel(studio.installation, 'smollm2-135m-instruct', { displayName: 'Kept here' });
  });
  after(async () => { await studio.close(); });

  /** Waits for it, as somebody would, then goes there by Tab and presses the key. */
  async function use(page: Page, target: Locator, key = 'Enter'): Promise<void> {
    await target.first().waitFor({ timeout: 60_000 });
    await tabTo(page, target);
    await page.keyboard.press(key);
  }

  test('a model is found, deployed and asked, and its receipt opened', async () => {
    const { page, context, troubles } = await studio.open();
    // A link that looks like a button is either.
    const button = (name: string | RegExp): Locator => page.getByRole('link', { name, exact: true }).or(page.getByRole('button', { name, exact: true }));
    await tabTo(page, page.getByRole('searchbox', { name: 'Search models' }));
    await page.keyboard.type('kept here');
    await page.getByRole('status').filter({ hasText: /^1 model$/ }).waitFor();
    await use(page, page.getByRole('link', { name: 'Kept here' }));
    await page.getByRole('heading', { level: 1, name: 'Kept here' }).waitFor();

    await use(page, button('Deploy'));
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.waitFor();
    await tabTo(page, name);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('by-keys');
    await use(page, button('Next'));
    const isolation = page.getByRole('radio', { checked: true });
    await isolation.waitFor();
    await tabTo(page, isolation);
    await page.keyboard.press('ArrowDown');
    assert.match(await page.getByRole('radio', { checked: true }).evaluate((each) => (each as HTMLInputElement).value), /^best-effort$/, 'the arrow key chooses');
    await page.keyboard.press('ArrowUp');
    await use(page, button('Next'));
    await page.getByRole('heading', { level: 2, name: 'Review' }).waitFor();
    await use(page, button('Deploy'));

    await use(page, page.getByRole('checkbox', { name: /I have stored/ }), 'Space');
    await use(page, button('Go on'));
    await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor({ timeout: 60_000 });
    await use(page, button('Open in the playground'));

    const message = page.getByRole('textbox', { name: 'Message', exact: true });
    await message.waitFor();
    await tabTo(page, message);
    await page.keyboard.type('Name a colour.');
    await page.keyboard.press('Enter');
    await use(page, receiptOf(page).getByRole('button', { name: /Receipt verified/ }));
    await page.getByRole('list', { name: 'Checks of the receipt' }).waitFor();
    assert.notEqual((await answerOf(page).innerText()).trim(), '');
    assert.equal(new URL(page.url()).searchParams.get('deployment'), 'by-keys', `of ${model}`);
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a dialog is left by Escape or its button, and focus comes back to what opened it; a menu is walked by arrow keys', async () => {
    const { page, context } = await studio.open({ path: '/settings?tab=people' });
    const add = page.getByRole('button', { name: 'Add a person' });
    await use(page, add);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'Add a person', undefined, { timeout: 5_000 });
    await page.goto(`${studio.origin}/studio/ledger`);
    const entry = page.getByRole('link', { name: /^Entry \d+$/ }).first();
    await use(page, entry);
    await use(page, page.getByRole('button', { name: 'Close' }));
    await page.waitForFunction(() => /^Entry \d+$/.test(document.activeElement?.getAttribute('aria-label') ?? '') && document.querySelector('[role=dialog]') === null, undefined, { timeout: 5_000 });
    await use(page, page.getByRole('button', { name: 'Appearance' }));
    await page.getByRole('menuitemradio', { name: 'As the system' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.fui-FluentProvider') ?? document.body).colorScheme), 'dark');
    await context.close();
  });
});
