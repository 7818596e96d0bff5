/**
 * The studio's purpose, from the link that `npm start` prints: find a model, deploy it, talk to it, see the receipt verified, find it in the ledger. Only by the roles and
 * labels that a screen reader has. With TOUR=FOLDER it leaves a screenshot of each step there: the pictures of docs/studio.md.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { Installation } from '../installation.ts';
import { launch, open, withoutBrowser } from './browser.ts';
import { examples, stored } from './data-page.ts';

const tour = process.env['TOUR'];
let pictures = 0;
async function picture(page: Page, name: string): Promise<void> {
  if (tour === undefined) return;
  mkdirSync(tour, { recursive: true });
  await sleep(600);
  await page.screenshot({ path: join(tour, `${String(++pictures).padStart(2, '0')}-${name}.png`) });
}

describe('from the link of npm start to the ledger', { skip: withoutBrowser, timeout: 400_000 }, () => {
  let installation: Installation;
  let browser: Browser;
  before(async () => { [installation, browser] = await Promise.all([Installation.start({ args: ['--starter'] }), launch()]); });
  after(async () => { await browser?.close(); await installation?.remove(); });

  async function link(): Promise<string> {
    for (let i = 0; i < 1800; i++) {
      const [, url] = /(http:\/\/\S+\/studio\/sign-in#mk-sl-[\w-]{43})/.exec(installation.output) ?? [];
      if (url !== undefined) return url;
      await sleep(100);
    }
    throw new Error(`no link: ${installation.output}`);
  }

  test('a data scientist and a compliance officer have what they came for', async () => {
    const { page, troubles } = await open(browser, installation.origin, { viewport: { width: 1280, height: 860 } });
    page.setDefaultTimeout(20_000);
    await page.goto(await link());
    assert.ok(!page.url().includes('mk-sl-') || await page.waitForURL((url) => !url.hash.includes('mk-sl-')) === undefined, 'the code leaves the address');

    await page.getByRole('link', { name: 'Catalog', exact: true }).click();
    await page.getByRole('searchbox').fill('smol instruct');
    await page.getByRole('status').filter({ hasText: /\d+ models?/ }).first().waitFor();
    await picture(page, 'catalog');
    await page.getByRole('link', { name: 'SmolLM2 135M Instruct' }).click();
    await page.getByRole('heading', { level: 1, name: 'SmolLM2 135M Instruct' }).waitFor();
    await picture(page, 'model');

    await page.getByRole('link', { name: 'Deploy', exact: true }).or(page.getByRole('button', { name: 'Deploy', exact: true })).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('colours');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await picture(page, 'deploy');
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    const keys = page.getByRole('alertdialog');
    await keys.getByRole('checkbox', { name: /I have stored/ }).check({ timeout: 60_000 });
    await keys.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor({ timeout: 60_000 });
    await page.getByRole('list', { name: 'Guarantees' }).waitFor();
    await picture(page, 'deployment');

    await page.getByRole('link', { name: 'Open in the playground' }).or(page.getByRole('button', { name: 'Open in the playground' })).click();
    await page.getByRole('textbox', { name: 'Message' }).fill('Name three primary colours.');
    await page.keyboard.press('Enter');
    const receipt = page.getByRole('group', { name: 'Receipt' });
    await receipt.getByRole('button', { name: /Receipt verified/ }).click({ timeout: 60_000 });
    const checks = page.getByRole('list', { name: 'Checks of the receipt' });
    await checks.waitFor();
    assert.equal(await checks.getByLabel('Failed').count(), 0);
    assert.ok(await checks.getByRole('listitem').count() >= 10);
    await picture(page, 'receipt');

    await receipt.getByRole('tab', { name: 'Raw' }).click();
    const { ledger } = JSON.parse(await receipt.getByRole('region', { name: 'receipt file' }).innerText()) as { ledger: { batch: { index: number } } };
    await receipt.getByRole('link', { name: 'Show in the ledger' }).or(receipt.getByRole('button', { name: 'Show in the ledger' })).click();
    await page.getByRole('heading', { level: 1, name: 'Ledger', includeHidden: true }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('entry'), String(ledger.batch.index), 'the entry of this very receipt\'s batch');
    const entry = page.getByRole('dialog', { name: `Entry ${ledger.batch.index}`, exact: true });
    await entry.getByRole('heading', { name: `Entry ${ledger.batch.index.toLocaleString('en-GB')}`, exact: true }).waitFor();
    await entry.getByRole('definition').filter({ hasText: 'Receipts recorded' }).waitFor();
    await entry.getByRole('status').filter({ hasText: 'Proved' }).waitFor();
    assert.equal(await entry.getByRole('list', { name: 'Checks of the entry' }).getByLabel('Failed').count(), 0);
    await picture(page, 'ledger');
    await entry.getByRole('button', { name: 'Close' }).click();

    for (const [name, file] of [['Promises', 'promises'], ['Data map', 'data-map'], ['Audits', 'audits'], ['Receipts', 'receipts'], ['Usage', 'usage'], ['Settings', 'settings']] as const) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await picture(page, file);
    }

    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByLabel('Files', { exact: true }).and(page.locator('input')).setInputFiles([
      { name: 'questions.jsonl', mimeType: '', buffer: Buffer.from(examples('one', 'two', 'three')) }, { name: 'more questions.jsonl', mimeType: '', buffer: Buffer.from(`${examples('one')}{"messages": []}\nno row\n`) },
    ]);
    await stored(page, 'questions.jsonl');
    await page.getByRole('table', { name: 'Rows of more questions.jsonl that are wrong' }).waitFor();
    await picture(page, 'data');
    await page.getByRole('link', { name: 'Encryption', exact: true }).click();
    await page.getByRole('img', { name: /^Picture of the keys/ }).waitFor();
    await picture(page, 'encryption');
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('button', { name: 'Delete questions.jsonl' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the file' }).click();
    await page.getByRole('link', { name: 'The certificate of its deletion' }).click();
    await page.getByRole('status').filter({ hasText: 'Certificate verified in this browser' }).waitFor();
    await picture(page, 'deletion');
    assert.deepEqual(troubles, []);
  });
});
