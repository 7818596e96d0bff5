/** Deployments as a person handles them: deploy by the wizard, store the keys that are shown once, change limits, replace a key, look at usage, delete. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { ensureModel, modelFile } from '../models.ts';
import { open, withoutBrowser } from './browser.ts';
import type { Opened } from './browser.ts';
import { StudioUnderTest } from './studio-under-test.ts';

const keyPattern = /^mk-ek-[\w-]{43}$/;

describe('deployments in the studio', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let studio: StudioUnderTest;
  let opened: Opened;
  let model = '';
  const keys: Record<string, string> = {};
  before(async () => {
    studio = await StudioUnderTest.start();
    model = await ensureModel(studio.installation, 'smollm2-135m-instruct');
    opened = await studio.open({ path: '/deployments' });
    opened.page.setDefaultTimeout(10_000);
  });
  after(async () => { await studio.close(); });

  const ask = async (key: string): Promise<number> => (await fetch(`${studio.origin}/v1/chat/completions`, {
    method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ model: 'shop', messages: [{ role: 'user', content: 'Hello!' }], max_tokens: 4 }),
  })).status;
  /** The key that the open dialog shows. */
  const shownKey = async (page: Page, slot: string): Promise<string> => (await page.getByRole('alertdialog').getByRole('region', { name: `${slot} key` }).textContent()) ?? '';
  const store = async (page: Page): Promise<void> => {
    const dialog = page.getByRole('alertdialog');
    await page.keyboard.press('Escape');
    assert.ok(await dialog.getByRole('button', { name: 'Go on' }).isDisabled(), 'the keys go only when they are said to be stored');
    await dialog.getByRole('checkbox', { name: /I have stored/ }).check();
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  /** Everything in which a browser keeps things, and everything that the page shows. */
  const kept = async (page: Page): Promise<string> => await page.evaluate(async () => JSON.stringify([
    location.href, history.state, { ...localStorage }, { ...sessionStorage }, document.cookie, await caches.keys(), await indexedDB.databases(), document.documentElement.outerHTML,
  ]));

  test('an empty list teaches; the wizard deploys in three steps with what is usual filled in, and shows the keys once', async () => {
    const { page } = opened;
    await page.getByRole('heading', { name: 'Nothing is deployed yet' }).waitFor();
    await page.goto(`${studio.origin}/studio/deployments/new?model=${model}`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Shop!');
    await page.getByText('Lower-case letters, digits and hyphens').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Next' }).isDisabled());
    await page.getByRole('textbox', { name: 'Name' }).fill('shop');
    await page.getByRole('button', { name: 'Next' }).click();
    assert.ok(await page.getByRole('radio', { name: /^Required/ }).isChecked());
    await page.getByRole('button', { name: 'More: context and limits' }).click();
    await page.getByRole('textbox', { name: 'Tokens of context a request' }).fill('1024');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('region', { name: `command: npx modelkeep deploy ${model} --serverless --name shop --context 1024` }).waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    keys['primary'] = await shownKey(page, 'Primary');
    keys['secondary'] = await shownKey(page, 'Secondary');
    for (const key of Object.values(keys)) assert.match(key, keyPattern);
    await store(page);
    await page.getByRole('heading', { level: 1, name: /shop/ }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor({ timeout: 60_000 });
    assert.equal(await ask(keys['primary']), 200);
  });

  test('the sample has the new key until the page is loaded again; then no key is anywhere', async () => {
    const { page } = opened;
    assert.match(await page.getByRole('region', { name: 'curl sample' }).textContent() ?? '', new RegExp(keys['primary'] ?? 'none'));
    await page.reload();
    const sample = page.getByRole('region', { name: 'curl sample' });
    await sample.waitFor();
    assert.match(await sample.textContent() ?? '', /Bearer KEY/);
    const everything = await kept(page);
    for (const key of Object.values(keys)) assert.ok(!everything.includes(key));
  });

  test('the isolation profile says of each guarantee what it means and what was found', async () => {
    const { page } = opened;
    const { isolation } = await studio.installation.json<{ isolation: { findings: { status: string }[] } }>('deployments', 'show', 'shop');
    const found = await page.getByRole('list', { name: 'Guarantees' }).getByRole('listitem').allTextContents();
    assert.equal(found.length, isolation.findings.length);
    assert.equal(found.filter((text) => /(?<!Not )Enforced/.test(text)).length, isolation.findings.filter(({ status }) => status === 'enforced').length);
    assert.ok(found.every((text) => /Probed/.test(text)));
  });

  test('a key is replaced alone: the new one works, the old one does not, the other one goes on', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Replace the primary key' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Replace the key' }).click();
    await page.getByRole('alertdialog', { name: 'The new primary key of shop' }).waitFor();
    const fresh = await shownKey(page, 'Primary');
    assert.match(fresh, keyPattern);
    assert.notEqual(fresh, keys['primary']);
    await store(page);
    assert.deepEqual([await ask(keys['primary'] ?? ''), await ask(fresh), await ask(keys['secondary'] ?? '')], [401, 200, 200]);
    keys['primary'] = fresh;
  });

  test('limits are changed, within their bounds', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Change limits' }).click();
    await page.getByRole('textbox', { name: 'Requests at once' }).fill('0');
    await page.getByText('A whole number from 1 to 4096.').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Save limits' }).isDisabled());
    await page.getByRole('textbox', { name: 'Requests at once' }).fill('3');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByRole('button', { name: 'Change limits' }).waitFor();
    const { limits } = await studio.installation.json<{ limits: { concurrency: number; queue: number } }>('deployments', 'show', 'shop');
    assert.deepEqual([limits.concurrency, limits.queue], [3, 256]);
  });

  test('usage is read by plot, by keys and as a table, and taken along as CSV', async () => {
    const { page } = opened;
    await page.goto(`${studio.origin}/studio/usage?range=today`);
    const plot = page.getByRole('slider', { name: 'Requests by hour, one step after another' });
    await plot.focus();
    await page.keyboard.press('End');
    assert.match(await plot.getAttribute('aria-valuetext') ?? '', /: 3 requests$/);
    await page.getByRole('figure', { name: 'Requests by hour' }).getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('region', { name: 'Requests by hour, as a table' }).getByRole('cell', { name: '3' }).waitFor();
    assert.match(await page.getByRole('row', { name: /^shop/ }).textContent() ?? '', /^shop3/);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    assert.match(Buffer.concat(chunks).toString(), /^from,deployment,requests,aborted,failed,promptTokens,cachedTokens,outputTokens\r\n\S+,shop,3,0,0,/);
    await page.getByRole('combobox', { name: 'Range' }).click();
    await page.getByRole('option', { name: 'Other days' }).click();
    await page.getByLabel('First day (UTC)').fill('2030-01-02');
    await page.getByText('The last day must not be before the first').waitFor();
  });

  test('a deployment is deleted only by typing its name, and its keys stop working', async () => {
    const { page } = opened;
    await page.goto(`${studio.origin}/studio/deployments/shop`);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Delete shop?' });
    assert.ok(await dialog.getByRole('button', { name: 'Delete the deployment' }).isDisabled());
    await dialog.getByRole('textbox', { name: /Type shop/ }).fill('shop');
    await dialog.getByRole('button', { name: 'Delete the deployment' }).click();
    await page.getByRole('heading', { name: 'Nothing is deployed yet' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/studio/deployments');
    assert.equal(await ask(keys['primary'] ?? ''), 401);
    await page.getByRole('link', { name: 'The certificate of its deletion' }).click();
    await page.getByRole('status').filter({ hasText: 'Certificate verified in this browser' }).waitFor();
  });

  test('a model that is not here is pulled first, and then deployed, in one go', async () => {
    const { page } = opened;
    const { path, sha256, size, manifest } = await modelFile('all-minilm-l6-v2');
    const file = join(studio.installation.data, 'unpulled.json');
    writeFileSync(file, JSON.stringify({ ...manifest, name: 'unpulled', displayName: 'Unpulled', format: 'gguf', files: [{ role: 'weights', size, sha256, source: { type: 'file', path } }] }));
    await studio.installation.json('models', 'import', file);
    await page.goto(`${studio.origin}/studio/deployments/new`);
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Unpulled (unpulled)' });
    assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'unpulled');
    for (const name of ['Next', 'Next']) await page.getByRole('button', { name }).click();
    await page.getByText('The model is pulled from its source').waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page.getByRole('alertdialog', { name: 'The keys of unpulled' }).waitFor({ timeout: 60_000 });
    await store(page);
    await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor({ timeout: 60_000 });
  });

  test('whoever may only read is shown everything but what would be refused', async () => {
    const { link } = await studio.installation.json<{ link: { url: string } }>('people', 'add', 'rita', 'reader');
    const { page, context, troubles } = await open(studio.browser, studio.origin);
    await page.goto(link.url);
    await page.getByRole('navigation', { name: 'Studio' }).waitFor();
    await page.goto(`${studio.origin}/studio/deployments/unpulled`);
    await page.getByRole('list', { name: 'Guarantees' }).waitFor();
    await page.getByText('Members of the project see the keys').waitFor();
    for (const name of ['Delete', 'Change limits', 'Replace the primary key']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
    await page.goto(`${studio.origin}/studio/deployments/new`);
    await page.getByText('Members of the project may deploy.').waitFor();
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('nothing of all this breaks a policy or leaves for another origin', () => assert.deepEqual(opened.troubles, []));
});
