/** The playground: answers whose receipts the browser checks against its own bytes, somebody on the way who changes one bit, and nothing that stays behind. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { searchFolder, searchText } from '../canary/search.ts';
import { launchOptions, watch, withoutBrowser } from './browser.ts';
import { FlippingProxy, flipAfter, flipAt } from './flipping-proxy.ts';
import type { Change } from './flipping-proxy.ts';
import { answerOf, ask, receiptOf } from './playground-page.ts';
import { StudioUnderTest } from './studio-under-test.ts';

describe('the playground', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let studio: StudioUnderTest;
  before(async () => {
    studio = await StudioUnderTest.start();
    await studio.deployChat();
  });
  after(async () => { await studio.close(); });

  for (const streamed of [true, false]) {
    test(`${streamed ? 'a streamed' : 'a whole'} answer has a receipt, and every check of it is named and holds`, async () => {
      const { page, context, troubles } = await studio.open({ path: '/playground?deployment=demo' });
      if (!streamed) {
        await page.getByRole('button', { name: 'Parameters and system message' }).click();
        await page.getByRole('switch', { name: 'Stream the answer' }).click();
      }
      await ask(page, 'Name three primary colours.');
      await receiptOf(page).getByText(/Receipt verified in this browser: 10 of 10 checks/).waitFor({ timeout: 60_000 });
      await receiptOf(page).getByRole('button', { name: /Receipt verified/ }).click();
      const checks = page.getByRole('list', { name: 'Checks of the receipt' });
      assert.equal(await checks.getByLabel('Passed').count(), 10);
      for (const check of ['the prompt is the one that was received', 'the response is the one that was returned', 'the receipt is in the ledger']) await checks.getByText(check, { exact: true }).waitFor();
      await page.getByRole('tab', { name: 'What it states' }).click();
      await page.getByText('Nothing: retention "none"').waitFor();
      assert.match(await page.getByText(/tokens in, \d+ out/).innerText(), streamed ? /first token after .*whole answer .*tokens per second/ : /whole answer .*tokens per second/);
      assert.deepEqual(troubles, []);
      await context.close();
    });
  }

  for (const [what, change, code] of [
    ['one bit of the answer', (path, body) => (path === '/v1/chat/completions' ? flipAfter(body, '"content":"') : body), 'response_differs'],
    ['a bit that breaks a frame of the answer', (path, body) => (path === '/v1/chat/completions' ? flipAt(body, body.indexOf('{')) : body), 'response_differs'],
    ['one bit of the receipt\'s signature', (path, body) => (path.startsWith('/v1/receipts/') ? flipAfter(body, '"signature":"') : body), 'receipt_signature'],
    ['one bit of what the receipt says of the model', (path, body) => (path.startsWith('/v1/receipts/') ? flipAfter(body, '"model_digest":"sha256:') : body), 'receipt_signature'],
    ['one bit of a name in the receipt', (path, body) => (path.startsWith('/v1/receipts/') ? flipAfter(body, '"part') : body), 'receipt_signature'],
    ['a bit that makes the receipt no JSON', (path, body) => (path.startsWith('/v1/receipts/') ? flipAt(body, 0) : body), 'json_malformed'],
    ['one bit of the checkpoint', (path, body) => (path.startsWith('/v1/receipts/') && body.includes('"checkpoint"') ? flipAfter(body, '"checkpoint":"') : body), 'note_signature'],
  ] as readonly (readonly [string, Change, string])[]) {
    test(`${what} flipped on the way to the page: the receipt under that answer fails with ${code}`, async () => {
      const proxy = await FlippingProxy.start(studio.origin);
      const { page, context } = await studio.open({ path: '/playground?deployment=demo', through: proxy.origin });
      proxy.change = change;
      await ask(page, 'Name three primary colours.');
      await receiptOf(page).getByText(`Receipt failed: ${code}`).waitFor({ timeout: 60_000 });
      await receiptOf(page).getByRole('button', { name: /Receipt failed/ }).click();
      assert.equal(await page.getByRole('list', { name: 'Checks of the receipt' }).getByLabel('Failed').count(), 1);
      await context.close();
      proxy.close();
    });
  }

  test('an answer by a schema is what the schema says, and the page says that it is valid JSON', async () => {
    const { page, context, troubles } = await studio.open({ path: '/playground?deployment=demo' });
    await page.getByRole('button', { name: 'Parameters and system message' }).click();
    await page.getByRole('combobox', { name: 'Form of the answer' }).click();
    await page.getByRole('option', { name: 'JSON by a schema' }).click();
    await page.getByRole('textbox', { name: 'JSON schema' }).fill('{"type": "object", "properties": {"colour": {"type": "string", "enum": ["red", "blue"]}}, "required": ["colour"], "additionalProperties": false}');
    await ask(page, 'Which colour has the sky?');
    await page.getByText(/ · valid JSON/).waitFor({ timeout: 60_000 });
    assert.match((JSON.parse(await answerOf(page).innerText()) as { colour: string }).colour, /^(red|blue)$/);
    await receiptOf(page).getByText(/Receipt verified/).waitFor({ timeout: 60_000 });
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test('what is typed and answered is afterwards nowhere in the browser\'s profile nor on the server; what is planted on purpose is found', async () => {
    const [canary = '', planted = '', typed = ''] = ['canary', 'planted', 'typed'].map((word) => `${word}${randomBytes(12).toString('hex')}`);
    const profile = mkdtempSync(join(tmpdir(), 'mk-profile-'));
    const since = Date.now();
    const context = await chromium.launchPersistentContext(profile, { ...launchOptions, locale: 'en-GB' });
    const troubles = watch(context, studio.origin);
    try {
      const page = await context.newPage();
      await page.goto(await studio.link());
      await page.getByRole('navigation', { name: 'Studio' }).waitFor({ state: 'attached' });
      await page.goto(`${studio.origin}/studio/playground?deployment=demo`);
      await page.getByRole('button', { name: 'Parameters and system message' }).click();
      await page.getByRole('textbox', { name: 'System message' }).fill(`Always say ${canary}.`);
      await ask(page, `Repeat this word: ${canary}`);
      await receiptOf(page).getByText(/Receipt verified/).waitFor({ timeout: 60_000 });
      // Typed and left standing, while the person goes elsewhere and comes back.
      await page.getByRole('textbox', { name: 'Message', exact: true }).fill(`${canary} not sent`);
      await page.getByRole('link', { name: 'Catalog' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Catalog' }).waitFor();
      await page.goBack();
      await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
      assert.equal(await page.getByText(canary).count(), 0, 'it is gone with the page');
      assert.equal(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue(), '');
      const open = await page.evaluate(async () => ({ local: { ...localStorage }, session: { ...sessionStorage }, databases: await indexedDB.databases(), caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length }));
      assert.deepEqual(open, { local: {}, session: {}, databases: [], caches: [], workers: 0 });
      await page.evaluate((word) => localStorage.setItem('planted', word), planted);
      // Left by its address with text standing, from the playground and from a field that asks for nothing: browsers keep what stands in the latter, to restore it.
      await page.getByRole('textbox', { name: 'Message', exact: true }).fill(`${canary} not sent`);
      await sleep(3000);
      await page.goto(`${studio.origin}/livez`);
      await page.evaluate(() => { document.body.append(document.createElement('textarea')); });
      await page.getByRole('textbox').fill(typed);
      await sleep(3000);
      await page.goto(`${studio.origin}/studio/catalog`);
      // Long enough for the browser to write what it writes by and by: history, session, storage.
      await sleep(5000);
    } finally { await context.close(); }
    assert.deepEqual(troubles, []);
    for (const found of [planted, typed]) assert.ok(searchFolder(profile, found).hits.length > 0, 'the search finds what was planted');
    assert.deepEqual(searchFolder(profile, canary).hits, []);
    assert.deepEqual(searchFolder(studio.installation.data, canary, since).hits, []);
    assert.deepEqual(searchText('terminal', studio.installation.output, canary), []);
    rmSync(profile, { recursive: true });
  });
});
