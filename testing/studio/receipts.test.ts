/** The page of receipts: one is looked up by its request, or brought as files, and checked by the browser; whatever was changed is found by its name. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { request } from 'undici';
import { withoutBrowser } from './browser.ts';
import { EchoEngine } from './echo-engine.ts';
import { flipAt } from './flipping-proxy.ts';
import { ask, receiptOf } from './playground-page.ts';
import { StudioUnderTest } from './studio-under-test.ts';

const bodyOf = (text: string): string => JSON.stringify({ model: 'left', messages: [{ role: 'user', content: text }] });

describe('receipts in the studio', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let studio: StudioUnderTest;
  let engine: EchoEngine;
  let key: string;
  const made = { id: '', prompt: Buffer.alloc(0), response: Buffer.alloc(0), file: Buffer.alloc(0), ledgerKey: '' };
  before(async () => {
    [studio, engine] = await Promise.all([StudioUnderTest.start(), EchoEngine.start()]);
    const { installation } = studio;
    await installation.json('engines', 'add', 'left', '--url', engine.url, '--model', 'smollm2-135m-instruct', '--served-model', 'echo');
    key = (await installation.json<{ primaryKey: string }>('deploy', 'smollm2-135m-instruct', '--serverless', '--name', 'left', '--engine', 'left', '--no-wait')).primaryKey;
    made.prompt = Buffer.from(bodyOf('a question of a program'));
    const answer = await request(`${installation.origin}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: made.prompt });
    made.response = Buffer.from(await answer.body.arrayBuffer());
    made.id = String(answer.headers['x-request-id']);
    const file = join(installation.data, 'receipt.json');
    await installation.cli('receipts', 'get', made.id, '--key', key, '-o', file);
    made.file = readFileSync(file);
    made.ledgerKey = await (await fetch(`${installation.origin}/ledger/key`)).text();
  });
  after(async () => { await studio?.close(); engine?.stop(); });

  const bring = async (page: Page, files: { file?: Buffer; prompt?: Buffer; response?: Buffer }): Promise<void> => {
    for (const [label, buffer] of [['Receipt file', files.file], ['Bytes that were sent', files.prompt], ['Bytes that came', files.response]] as const) {
      if (buffer) await page.getByLabel(label).setInputFiles({ name: 'brought.bin', mimeType: 'application/octet-stream', buffer });
    }
    await page.getByRole('button', { name: 'Check', exact: true }).click();
  };
  const lookUp = async (page: Page, id: string, credential = ''): Promise<void> => {
    await page.getByRole('textbox', { name: 'Request id' }).fill(id);
    await page.getByRole('textbox', { name: 'Key that the request was made with' }).fill(credential);
    await page.getByRole('button', { name: 'Look up and check' }).click();
  };

  test('one of a program is looked up with the key of its request, and opened by it in the browser', async () => {
    const { page, context, troubles } = await studio.open({ path: '/receipts' });
    await lookUp(page, made.id, key);
    await receiptOf(page).getByText('Receipt verified in this browser: 8 of 8 checks').waitFor({ timeout: 30_000 });
    await page.getByRole('list', { name: 'Checks of the receipt' }).getByText('the opening is of this receipt').waitFor();
    assert.match(await page.getByText(/trust on first use/).innerText(), /told/);
    assert.match(await page.getByRole('link', { name: 'Show in the ledger' }).getAttribute('href') ?? '', /\/ledger\?entry=\d+$/);
    await page.getByRole('tab', { name: 'What it states' }).click();
    await page.getByText('said by the operator').first().waitFor();
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('without the key it is nobody\'s, and the refusal has its code', async () => {
    const { page, context } = await studio.open({ path: '/receipts' });
    await lookUp(page, made.id);
    await page.getByRole('alert').getByText('receipt_not_found').waitFor();
    await page.getByRole('textbox', { name: 'Request id' }).fill('chatcmpl-1');
    await page.getByText('An id begins with req_').waitFor();
    await context.close();
  });

  test('one of the playground is found again by this session', async () => {
    const { page, context } = await studio.open({ path: '/playground?deployment=left' });
    const answered = page.waitForResponse(/chat\/completions/);
    await ask(page, 'hello');
    const id = (await (await answered).allHeaders())['x-request-id'] ?? '';
    await receiptOf(page).getByText(/Receipt verified/).waitFor({ timeout: 30_000 });
    await page.getByRole('link', { name: 'Receipts' }).first().click();
    await lookUp(page, id);
    await receiptOf(page).getByText('Receipt verified in this browser: 8 of 8 checks').waitFor({ timeout: 30_000 });
    await context.close();
  });

  test('files hold as they are; with a bit changed in any of them, the check of that file fails', async () => {
    const { page, context, troubles } = await studio.open({ path: '/receipts' });
    const asked: string[] = [];
    await bring(page, made);
    await receiptOf(page).getByText('Receipt verified in this browser: 10 of 10 checks').waitFor();
    context.on('request', (each) => { if (each.method() !== 'GET') asked.push(each.url()); });
    const changes = [
      [{ prompt: flipAt(made.prompt, 20) }, 'prompt_differs'], [{ response: flipAt(made.response, made.response.length - 3) }, 'response_differs'],
      [{ file: flipAt(made.file, made.file.indexOf('"region":"') + 11) }, 'receipt_signature'], [{ file: flipAt(made.file, made.file.indexOf('"salt":"') + 9) }, 'opening_differs'],
      [{ file: Buffer.from('no receipt') }, 'json_malformed'], [{ file: Buffer.from(made.file.toString().replace('{', '{ ')) }, 'json_not_canonical'],
    ] as const;
    for (const [change, code] of changes) {
      await bring(page, { ...made, ...change });
      await receiptOf(page).getByText(`Receipt failed: ${code}`).waitFor();
    }
    assert.deepEqual(asked, [], 'the files are sent nowhere');
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a key that was kept is what counts: the right one is said to be kept, another one fails', async () => {
    const { page, context } = await studio.open({ path: '/receipts' });
    const field = page.getByRole('textbox', { name: 'Key of the ledger that you have kept' });
    await field.fill(made.ledgerKey);
    await bring(page, { file: made.file });
    await page.getByText('Checked with the ledger\'s key that you have kept.').waitFor();
    await field.fill(made.ledgerKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'));
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await receiptOf(page).getByText('Receipt failed: key_differs').waitFor();
    await context.close();
  });

  test('dropped files find their places by what they are', async () => {
    const { page, context } = await studio.open({ path: '/receipts' });
    const files = [['anything.json', made.file], ['request.body', made.prompt], ['answer.body', made.response]].map(([name, bytes]) => [name, (bytes as Buffer).toString('base64')] as const);
    const data = await page.evaluateHandle((list) => {
      const transfer = new DataTransfer();
      for (const [name, text] of list) transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], String(name)));
      return transfer;
    }, files);
    await page.getByRole('group', { name: 'Files to check' }).dispatchEvent('drop', { dataTransfer: data });
    await page.getByText(/answer\.body, /).first().waitFor();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await receiptOf(page).getByText('Receipt verified in this browser: 10 of 10 checks').waitFor();
    await context.close();
  });
});
