/** The page of data, in a real browser against a real installation: files arrive whole or not at all, are opened by those who may, and are gone with a certificate. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';
import { verifyDeletion } from '#edge/verify/verify-deletion.ts';
import { searchFolder, searchText } from '../canary/search.ts';
import { launchOptions, open, watch, withoutBrowser } from './browser.ts';
import type { Opened } from './browser.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { brought, choose, drop, examples, fileOf, stored, uploadOf } from './data-page.ts';
import { flipAfter, FlippingProxy } from './flipping-proxy.ts';
import { StudioUnderTest } from './studio-under-test.ts';

const MiB = 2 ** 20;

describe('data in the studio', { skip: withoutBrowser, timeout: 600_000 }, () => {
  let studio: StudioUnderTest;
  let proxy: CuttingProxy;
  let flipping: FlippingProxy;
  before(async () => {
    studio = await StudioUnderTest.start();
    [proxy, flipping] = await Promise.all([CuttingProxy.start(studio.origin), FlippingProxy.start(studio.origin)]);
  });
  after(async () => { proxy?.close(); flipping?.close(); await studio?.close(); });

  /** A browser of somebody else's, signed in by the link of their invitation. */
  async function openAs(name: string, role: string, path = '/data'): Promise<Opened> {
    const { link } = await studio.installation.json<{ link: { url: string } }>('people', 'add', name, role);
    const opened = await open(studio.browser, studio.origin);
    await opened.page.goto(link.url);
    await opened.page.getByRole('navigation', { name: 'Studio' }).waitFor();
    await opened.page.goto(`${studio.origin}/studio${path}`);
    await opened.page.getByRole('heading', { level: 1 }).waitFor();
    return opened;
  }
  async function downloaded(page: Page, name: string): Promise<Buffer> {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Download ${name}`, exact: true }).click();
    return readFileSync(await (await download).path());
  }
  async function remove(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: `Delete ${name}`, exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the file' }).click();
    await page.getByRole('status').filter({ hasText: `${name} was deleted.` }).waitFor();
  }

  test('files that are chosen or dropped are stored, listed with their rows, and come back byte for byte', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data' });
    const content = examples('one', 'two', 'three');
    await choose(page, [brought('chosen.jsonl', content), brought('also chosen.jsonl', examples('one'))]);
    await Promise.all([stored(page, 'chosen.jsonl'), stored(page, 'also chosen.jsonl')]);
    await page.getByRole('combobox', { name: 'Purpose' }).selectOption('User data');
    const binary = randomBytes(300_000);
    await drop(page, [brought('dropped.bin', binary), brought('empty.txt', '')]);
    await Promise.all([stored(page, 'dropped.bin'), stored(page, 'empty.txt')]);
    assert.match(await fileOf(page, 'chosen.jsonl').innerText(), /3 rows.*by you/s);
    assert.match(await fileOf(page, 'dropped.bin').innerText(), /User data\s+300 kB/);
    assert.equal((await downloaded(page, 'chosen.jsonl')).toString(), content);
    assert.ok((await downloaded(page, 'dropped.bin')).equals(binary));
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('rows that are wrong are told by line and sentence, without anything that stands in them, and nothing is stored', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data' });
    const secret = `secret${randomBytes(8).toString('hex')}`;
    await choose(page, [brought('wrong.jsonl', `${examples('one')}{"messages": "${secret}\n\n${JSON.stringify({ messages: [{ role: 'user', content: secret }] })}\n`)]);
    const table = uploadOf(page, 'wrong.jsonl').getByRole('table', { name: 'Rows of wrong.jsonl that are wrong' });
    await table.waitFor();
    const rows = await table.getByRole('row').allInnerTexts();
    assert.match(rows[1] ?? '', /^2\s+The row is not JSON\..*not_json/);
    assert.match(rows[2] ?? '', /^3\s+The line is empty\..*row_empty/);
    assert.match(rows[3] ?? '', /^4\s+No message is the assistant's.*no_assistant/);
    assert.ok(!(await page.content()).includes(secret));
    assert.equal(await fileOf(page, 'wrong.jsonl').count(), 0);
    await page.getByRole('button', { name: 'Take off the list: wrong.jsonl' }).click();
    await page.getByRole('list', { name: 'Uploads' }).waitFor({ state: 'detached' });
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a large file goes in parts: a broken connection costs one of them, the bar never says more than is true, and the file is whole', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data', through: proxy.origin });
    const folder = mkdtempSync(join(tmpdir(), 'mk-large-'));
    const content = randomBytes(80 * MiB);
    const path = join(folder, 'large.bin');
    writeFileSync(path, content);
    let parts = 0;
    proxy.received = 0;
    proxy.cutAfter = (method, asked) => (method === 'POST' && asked.endsWith('/parts') && ++parts === 3 ? 5 * MiB : undefined);
    await page.getByRole('combobox', { name: 'Purpose' }).selectOption('User data');
    await choose(page, path);
    const bar = page.getByRole('progressbar', { name: 'Upload of large.bin' });
    const told: number[] = [];
    for (let i = 0; i < 2000 && await uploadOf(page, 'large.bin').getByText('Stored', { exact: true }).count() === 0; i++) {
      const now = Number(await bar.getAttribute('aria-valuenow', { timeout: 500 }).catch(() => null) ?? 0);
      // Half a part may be on its way between browser and proxy.
      assert.ok(now <= proxy.received + 8 * MiB, `${now} of ${proxy.received}`);
      told.push(now);
      await sleep(50);
    }
    await stored(page, 'large.bin', 120_000);
    assert.ok(new Set(told).size > 5, 'the bar moves');
    assert.equal(parts, 6);
    assert.ok(proxy.received < 80 * MiB + 16 * MiB, `${proxy.received} bytes were sent`);
    const digest = await page.evaluate(async (file) => {
      const { data } = await (await fetch('/v1/files?limit=100')).json() as { data: { id: string; filename: string }[] };
      const answer = await fetch(`/v1/files/${data.find(({ filename }) => filename === file)?.id ?? ''}/content`);
      return [...new Uint8Array(await crypto.subtle.digest('SHA-256', await answer.arrayBuffer()))].map((each) => each.toString(16).padStart(2, '0')).join('');
    }, 'large.bin');
    assert.equal(digest, createHash('sha256').update(content).digest('hex'));
    proxy.cutAfter = () => undefined;
    await remove(page, 'large.bin');
    rmSync(folder, { recursive: true });
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('one that is cancelled is not stored, and is when it is tried again; meanwhile its page can be left', async () => {
    const { page, context } = await studio.open({ path: '/data', through: proxy.origin });
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => { letGo = resolve; });
    proxy.hold = (method, path) => (method === 'POST' && path === '/v1/files' ? held : undefined);
    await choose(page, [brought('slow.jsonl', examples('one'))]);
    await uploadOf(page, 'slow.jsonl').getByRole('progressbar').waitFor();
    await page.getByRole('link', { name: 'Catalog', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Catalog' }).waitFor();
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel slow.jsonl' }).click();
    await uploadOf(page, 'slow.jsonl').getByText('Cancelled').waitFor();
    proxy.hold = () => undefined;
    letGo();
    assert.equal(await fileOf(page, 'slow.jsonl').count(), 0);
    await page.getByRole('button', { name: 'Try again: slow.jsonl' }).click();
    await stored(page, 'slow.jsonl');
    await fileOf(page, 'slow.jsonl').waitFor();
    await context.close();
  });

  test('whoever cancels, tries again and clears the list by keyboard is never thrown out of it', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data', through: proxy.origin });
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => { letGo = resolve; });
    proxy.hold = (method, path) => (method === 'POST' && path === '/v1/files' ? held : undefined);
    await choose(page, [brought('by keys.jsonl', examples('one'))]);
    await page.getByRole('button', { name: 'Cancel by keys.jsonl' }).press('Enter');
    const again = page.getByRole('button', { name: 'Try again: by keys.jsonl' });
    await again.waitFor();
    assert.ok(await again.evaluate((button) => button === document.activeElement));
    proxy.hold = () => undefined;
    letGo();
    await page.keyboard.press('Enter');
    await stored(page, 'by keys.jsonl');
    const off = page.getByRole('button', { name: 'Take off the list: by keys.jsonl' });
    assert.ok(await off.evaluate((button) => button === document.activeElement));
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Uploads' }).waitFor({ state: 'detached' });
    assert.ok(await page.getByRole('group', { name: 'Uploads of this page' }).evaluate((group) => group === document.activeElement));
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('of a folder nothing is taken, with a sentence that says so; a file that is dropped beside the zone is not opened in place of the studio', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data' });
    await page.getByRole('combobox', { name: 'Purpose' }).selectOption('User data');
    const folder = mkdtempSync(join(tmpdir(), 'mk-folder-'));
    const beside = join(folder, 'a file.txt');
    writeFileSync(beside, 'text');
    const devtools = await context.newCDPSession(page);
    const dropAt = async (name: string, target: Locator): Promise<void> => {
      const { x = 0, y = 0 } = await target.boundingBox() ?? {};
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await devtools.send('Input.dispatchDragEvent', { type, x: x + 5, y: y + 5, data: { items: [], files: [name], dragOperationsMask: 1 } });
    };
    await dropAt(folder, page.getByRole('group', { name: 'Files to upload' }));
    await page.getByRole('alert').filter({ hasText: 'is a folder, and was not taken' }).waitFor();
    await dropAt(beside, page.getByRole('heading', { level: 1 }));
    await dropAt(beside, page.getByRole('group', { name: 'Files to upload' }));
    await stored(page, 'a file.txt');
    assert.equal(await page.getByRole('list', { name: 'Uploads' }).getByRole('listitem').count(), 1);
    rmSync(folder, { recursive: true });
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a name that is a script is text', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data' });
    const hostile = '<img src=x onerror=window.ran=1>\u202e"\'; drop.jsonl';
    await choose(page, [brought(hostile, examples('one'))]);
    await stored(page, hostile);
    await page.reload();
    await fileOf(page, hostile).waitFor();
    assert.equal((await downloaded(page, hostile)).toString(), examples('one'));
    await remove(page, hostile);
    assert.equal(await page.evaluate(() => (window as unknown as { ran?: number }).ran), undefined);
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a deletion leads to its certificate, verified in the browser; the file that is downloaded holds without it, and one changed on the way does not', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data', through: flipping.origin });
    await choose(page, [brought('to be deleted.jsonl', examples('one'))]);
    await stored(page, 'to be deleted.jsonl');
    await remove(page, 'to be deleted.jsonl');
    await fileOf(page, 'to be deleted.jsonl').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'The certificate of its deletion' }).click();
    await page.getByRole('status').filter({ hasText: /Certificate verified in this browser: 6 of 6 checks/ }).waitFor();
    const copies = await page.getByRole('table', { name: 'Known copies' }).getByRole('row').allInnerTexts();
    assert.match(copies.join('\n'), /(Not there|Cannot be opened)\s+datastore default\s+it opened\s+its key does not exist/);
    await page.getByRole('region', { name: 'What is out of reach', exact: true }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the certificate' }).click();
    const verdict = await verifyDeletion({ file: readFileSync(await (await download).path()), key: await (await fetch(`${studio.origin}/ledger/key`)).text() });
    assert.ok(verdict.passed, JSON.stringify(verdict.checks));
    await page.getByRole('link', { name: 'Show in the ledger' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'The certificate of this deletion' }).click();
    await page.getByText(/Certificate verified/).waitFor();
    for (const [before, code] of [['\\"place\\":\\"', 'opening_differs'], ['"checkpoint":"', 'note_'], ['"kind\\":\\"', 'entry_not_in_tree']] as const) {
      flipping.change = (path, body) => (path.startsWith('/api/ledger/deletions/') ? flipAfter(body, before) : body);
      await page.reload();
      await page.getByRole('alert').filter({ hasText: `Certificate failed: ${code}` }).waitFor();
    }
    flipping.change = (_path, body) => body;
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('members open what is the project\'s; the operator sees that it is there and is kept from its content; a reader looks', async () => {
    const member = await openAs('mia', 'member');
    await choose(member.page, [brought('of mia.jsonl', examples('mine'))]);
    await stored(member.page, 'of mia.jsonl');
    assert.equal((await downloaded(member.page, 'of mia.jsonl')).toString(), examples('mine'));
    const operator = await studio.open({ path: '/data' });
    await fileOf(operator.page, 'of mia.jsonl').waitFor();
    assert.equal(await operator.page.getByRole('button', { name: 'Download of mia.jsonl' }).count(), 0);
    await operator.page.getByText(/You administer the installation/).waitFor();
    const reader = await openAs('rene', 'reader');
    await fileOf(reader.page, 'of mia.jsonl').waitFor();
    await reader.page.getByText(/Your role reads/).waitFor();
    for (const name of [/^Download/, /^Delete/, 'Choose files']) assert.equal(await reader.page.getByRole('button', { name }).count(), 0);
    for (const [page, code] of [[operator.page, 'content_not_yours'], [reader.page, 'permission_denied']] as const) {
      assert.equal(await page.evaluate(async () => {
        const { data } = await (await fetch('/v1/files')).json() as { data: { id: string; filename: string }[] };
        return (await (await fetch(`/v1/files/${data.find(({ filename }) => filename === 'of mia.jsonl')?.id ?? ''}/content`)).json() as { error: { code: string } }).error.code;
      }), code);
    }
    await Promise.all([member, operator, reader].map(({ context }) => context.close()));
  });

  test('a datastore is added and used, and removed once it is empty', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data?tab=datastores' });
    await page.getByRole('button', { name: 'Add a datastore' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('second');
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('This installation\'s own disk');
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('listitem', { name: 'second' }).waitFor({ timeout: 10_000 });
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('combobox', { name: 'Datastore' }).selectOption('second');
    await choose(page, [brought('in second.jsonl', examples('one'))]);
    await stored(page, 'in second.jsonl');
    assert.match(await fileOf(page, 'in second.jsonl').innerText(), /second/);
    await remove(page, 'in second.jsonl');
    await page.getByRole('tab', { name: 'Datastores' }).click();
    await page.getByRole('button', { name: 'Remove second' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('listitem', { name: 'second' }).waitFor({ state: 'detached' });
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('what is in a file is afterwards nowhere in the browser\'s profile nor on the server\'s disk; what is planted on purpose is found', async () => {
    const [canary = '', planted = ''] = ['canary', 'planted'].map((word) => `${word}${randomBytes(12).toString('hex')}`);
    const profile = mkdtempSync(join(tmpdir(), 'mk-profile-'));
    const since = Date.now();
    const context = await chromium.launchPersistentContext(profile, { ...launchOptions, locale: 'en-GB' });
    const troubles = watch(context, studio.origin);
    try {
      const page = await context.newPage();
      await page.goto(await studio.link());
      await page.getByRole('navigation', { name: 'Studio' }).waitFor({ state: 'attached' });
      await page.goto(`${studio.origin}/studio/data`);
      await choose(page, [brought('watched.jsonl', examples(canary)), brought('refused.jsonl', `${examples('one')}{"${canary}"\n`)]);
      await stored(page, 'watched.jsonl');
      await uploadOf(page, 'refused.jsonl').getByRole('table').waitFor();
      assert.equal(await page.evaluate(async () => {
        const { data } = await (await fetch('/v1/files')).json() as { data: { id: string; filename: string }[] };
        return (await (await fetch(`/v1/files/${data.find(({ filename }) => filename === 'watched.jsonl')?.id ?? ''}/content`)).text());
      }), examples(canary));
      const kept = await page.evaluate(async () => ({ local: { ...localStorage }, session: { ...sessionStorage }, databases: await indexedDB.databases(), caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length }));
      assert.deepEqual(kept, { local: {}, session: {}, databases: [], caches: [], workers: 0 });
      await page.evaluate((word) => localStorage.setItem('planted', word), planted);
      await page.goto(`${studio.origin}/studio/catalog`);
      // Long enough for the browser to write what it writes by and by: history, session, storage.
      await sleep(6000);
    } finally { await context.close(); }
    assert.deepEqual(troubles, []);
    assert.ok(searchFolder(profile, planted).hits.length > 0, 'the search finds what was planted');
    assert.deepEqual(searchFolder(profile, canary).hits, []);
    assert.deepEqual(searchFolder(studio.installation.data, canary, since).hits, []);
    assert.deepEqual(searchText('terminal', studio.installation.output, canary), []);
    rmSync(profile, { recursive: true });
  });
});
