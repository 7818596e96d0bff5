/** The catalog as a person uses it: search, narrow down, read what a stranger wrote, pull, leave, come back, cancel, compare. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { smallGguf } from '#control/catalog/formats/gguf-under-test.ts';
import { HubUnderTest } from '#control/catalog/pull/hub-under-test.ts';
import { importModels, madeUp } from '../catalog/many-models.ts';
import { withoutBrowser } from './browser.ts';
import type { Opened } from './browser.ts';
import { StudioUnderTest } from './studio-under-test.ts';

const hostileCard = `# Card

<script>document.title = 'owned'</script>
<img src="https://tracker.invalid/a.png" onerror="document.title = 'owned'">
<iframe src="https://tracker.invalid/frame"></iframe><style>body { display: none }</style><form action="https://tracker.invalid/"><button>Sign in</button></form>

![a picture](https://tracker.invalid/picture.png) ![inline](data:image/svg+xml,<svg/onload=alert(1)>)

[run](javascript:document.title='owned') [data](data:text/html,<script>alert(1)</script>) [same](/studio/settings) [outside](https://example.org/paper) [autolink](//tracker.invalid/x) [vb](vbscript:x) [js2](JaVaScRiPt:alert(1))

<https://example.org/plain> <javascript:alert(1)>

[ref]: javascript:alert(1) "title"
[by reference][ref]
`;
const markup = '<img src=x onerror="document.title=\'owned\'">';
const file = Buffer.concat([smallGguf(), randomBytes(6 << 20)]);

describe('the catalog in the studio', { skip: withoutBrowser, timeout: 400_000 }, () => {
  const hub = new HubUnderTest();
  let studio: StudioUnderTest;
  let opened: Opened;
  let page: Page;
  before(async () => {
    hub.put('acme/tiny/tiny.gguf', file);
    studio = await StudioUnderTest.start({ env: { HF_ENDPOINT: await hub.start() } });
    opened = await studio.open();
    ({ page } = opened);
    page.setDefaultTimeout(10_000);
  });
  after(async () => { await studio.close(); await hub.stop(); });

  const importModel = async (over: object): Promise<void> => {
    const path = join(studio.installation.data, 'import.json');
    writeFileSync(path, JSON.stringify({
      name: 'tiny', version: '1', displayName: 'Tiny', publisher: 'Acme', summary: 'For tests.', task: 'chat-completion', licence: 'MIT', format: 'gguf',
      files: [{ role: 'weights', size: file.length, source: { type: 'huggingface', repository: 'acme/tiny', revision: 'main', path: 'tiny.gguf' } }], ...over,
    }));
    await studio.installation.json('models', 'import', path);
  };
  const go = async (path: string): Promise<void> => { await page.goto(`${studio.origin}/studio${path}`); await page.getByRole('heading', { level: 1 }).waitFor(); };
  const says = async (words: string): Promise<void> => await page.getByRole('status').filter({ hasText: new RegExp(`^${words}$`) }).waitFor();
  const list = (): ReturnType<Page['getByRole']> => page.getByRole('list', { name: 'Models' });

  test('search as one types, from the key / on; a facet narrows it down; the address keeps both', async () => {
    await says('\\d+ models');
    await page.keyboard.press('/');
    await page.keyboard.type('instruct QWEN');
    await says('3 models');
    assert.equal(new URL(page.url()).searchParams.get('search'), 'instruct QWEN');
    const size = page.getByRole('group', { name: 'Engine' }).getByRole('button', { name: /An engine here runs it/ });
    const [, count] = /(\d+)$/.exec((await size.textContent()) ?? '') ?? [];
    await size.click();
    await says(count === '1' ? '1 model' : `${count ?? ''} models`);
    assert.equal(await size.getAttribute('aria-pressed'), 'true');
    await page.reload();
    await says(count === '1' ? '1 model' : `${count ?? ''} models`);
    await page.getByRole('button', { name: 'Remove filter An engine here runs it' }).click();
    await says('3 models');
    await page.getByRole('searchbox', { name: 'Search models' }).fill('nothing of that name');
    await page.getByRole('heading', { name: 'No model matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear all' }).last().click();
    await list().getByRole('listitem').first().waitFor();
  });

  test('is used by keys: from the search down to the models, among them by arrows, Space compares, Enter opens; the list is one stop of Tab', async () => {
    await go('/catalog?search=instruct');
    const models = page.getByRole('main').getByRole('list', { name: 'Models' }).getByRole('listitem');
    const total = (await models.first().getAttribute('aria-setsize')) ?? '';
    const focused = async (): Promise<string> => await page.evaluate(() => document.activeElement?.closest('[aria-posinset]')?.getAttribute('aria-posinset') ?? document.activeElement?.getAttribute('aria-label') ?? '');
    const press = async (key: string, expected: string): Promise<void> => {
      await page.keyboard.press(key);
      await page.waitForFunction((wanted) => [document.activeElement?.closest('[aria-posinset]')?.getAttribute('aria-posinset'), document.activeElement?.getAttribute('aria-label')].includes(wanted), expected).catch(async () => assert.equal(await focused(), expected, key));
    };
    const search = page.getByRole('searchbox', { name: 'Search models' });
    await search.focus();
    await press('ArrowDown', '1');
    await press('ArrowRight', '2');
    await press('ArrowLeft', '1');
    await press('End', total);
    await press('Home', '1');
    await press('ArrowUp', 'Search models');
    await press('ArrowDown', '1');
    const name = /^Compare (.*)$/.exec((await models.first().getByRole('checkbox').getAttribute('aria-label')) ?? '')?.[1] ?? '';
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'Chosen for comparison' }).getByRole('button', { name: `Do not compare ${name}` }).waitFor();
    assert.ok(await page.getByRole('checkbox', { name: `Compare ${name}` }).isChecked());
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'Chosen for comparison' }).waitFor({ state: 'detached' });
    await press('ArrowRight', '2');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.closest('[aria-label=Models]') ?? null), null, 'Tab leaves the list');
    await press('Shift+Tab', '2');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Model card' }).waitFor();
  });

  test('as a table it has the same models, sorted as asked', async () => {
    await go('/catalog');
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await page.getByRole('combobox', { name: 'Sort by' }).click();
    await page.getByRole('option', { name: 'Smallest first' }).click();
    const first = page.getByRole('table', { name: 'Models' }).getByRole('row').nth(1);
    await first.getByRole('link', { name: 'all-MiniLM-L6-v2' }).waitFor();
    await page.getByRole('button', { name: 'Show as cards' }).click();
  });

  test('what a stranger wrote is text: nothing of it runs, loads or leads anywhere unseen', async () => {
    await importModel({ name: 'hostile', displayName: markup, publisher: `"><script>alert(1)</script>`, summary: `\u202e${markup}`, card: hostileCard, homepage: 'https://example.org/home' });
    await go('/catalog?search=hostile');
    await page.getByRole('link', { name: markup }).click();
    await page.getByRole('heading', { level: 1, name: markup }).waitFor();
    const card = page.getByRole('region', { name: 'Model card' });
    await card.getByText('<script>document.title').waitFor();
    await card.getByText('a picture').waitFor();
    const links = await card.getByRole('link').evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.getAttribute('target'), (link.getAttribute('rel') ?? '').split(' ').sort().filter((word) => word.startsWith('no')).join(' ')]));
    for (const [href, target, rel] of links) assert.deepEqual([new URL(href ?? '').host, target, rel?.includes('noopener') && rel.includes('noreferrer')], ['example.org', '_blank', true], href ?? '');
    assert.equal(links.length, 2);
    const harmless = async (where: string): Promise<void> => assert.deepEqual(await page.evaluate(() => [document.querySelectorAll('#main img, #main iframe, #main script, #main style, #main object').length, document.title.includes('owned')]), [0, false], where);
    assert.deepEqual(await page.evaluate(() => [document.querySelectorAll('#main img, #main iframe, #main form, #main script, #main style, #main object').length, document.title]), [0, 'Model · Modelkeep']);
    await go('/catalog?search=hostile');
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await page.getByRole('table', { name: 'Models' }).getByRole('link', { name: markup }).waitFor();
    await harmless('the table');
    await page.getByRole('button', { name: 'Show as cards' }).click();
    await go('/compare?models=hostile,qwen2.5-0.5b-instruct');
    await page.getByRole('table', { name: 'Comparison' }).getByRole('columnheader', { name: markup }).waitFor();
    await page.getByRole('table', { name: 'Comparison' }).getByRole('cell', { name: markup }).waitFor();
    await harmless('the comparison');
    await go('/deployments/new?model=hostile');
    await page.getByText(markup).first().waitFor({ state: 'attached' });
    await harmless('the steps of a deployment');
    assert.deepEqual(opened.troubles, []);
  });

  test('a licence, a name or a version that is markup is refused at the door', async () => {
    for (const over of [{ licence: '<img src=x onerror=alert(1)>' }, { name: '<img>' }, { version: '<b>1</b>' }, { homepage: 'javascript:alert(1)' }]) await assert.rejects(importModel(over), JSON.stringify(over));
    const { headers } = await page.request.get(`${studio.origin}/api/session`).then(async (answer) => ({ headers: { 'x-modelkeep-csrf': (await answer.json() as { csrf: string }).csrf, origin: studio.origin } }));
    const manifest = { name: 'marked-up', version: '1', displayName: 'M', publisher: 'P', summary: '', task: 'chat-completion', licence: markup, format: 'gguf', files: [] };
    const answer = await page.request.post(`${studio.origin}/api/models`, { data: manifest, headers });
    assert.equal(answer.status(), 400, await answer.text());
  });

  test('a card made to keep a browser busy is shown all the same', async () => {
    await importModel({ name: 'intricate', displayName: 'Intricate', card: `Beginning ${'[a]('.repeat(24_000)}` });
    await importModel({ name: 'deep', displayName: 'Deep', card: `Beginning\n\n${'> '.repeat(40_000)}` });
    for (const model of ['intricate', 'deep']) {
      await go(`/catalog/${model}`);
      await page.getByRole('region', { name: 'Model card' }).getByText('Beginning').waitFor();
    }
  });

  test('a pull shows its progress, goes on when the page is left, is found again, and is cancelled', async () => {
    await importModel({});
    hub.rate = 300_000;
    await go('/catalog/tiny');
    await page.getByRole('button', { name: /^Pull \(6\.3 MB\)/ }).click();
    const bar = page.getByRole('progressbar', { name: 'Pull of tiny' });
    await bar.waitFor();
    await page.getByText(/per second, .* left/).waitFor();
    await page.getByRole('link', { name: 'Deployments' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor();
    await page.goBack();
    await bar.waitFor();
    const received = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'));
    const before = await received();
    for (const deadline = Date.now() + 10_000; await received() <= before;) assert.ok(Date.now() < deadline, 'the progress that is found again goes on');
    await page.getByRole('button', { name: 'Cancel the pull' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the pull' }).click();
    await page.getByText('The last pull was cancelled').waitFor();
    hub.rate = undefined;
    await page.getByRole('button', { name: 'Pull again' }).click();
    await page.getByRole('link', { name: 'Deploy', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Copy digest of the file' }).waitFor();
    assert.match((await page.getByRole('link', { name: 'Deploy', exact: true }).getAttribute('href')) ?? '', /\/deployments\/new\?model=tiny$/);
  });

  test('a deployment that waits for its pull goes on when its page is opened again; another page says that the pull is under way', async () => {
    await importModel({ name: 'patient', displayName: 'Patient' });
    hub.rate = 900_000;
    await go('/deployments/new?model=patient');
    await page.getByRole('textbox', { name: 'Name' }).fill('waits');
    for (const name of ['Next', 'Next']) await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page.getByText('You may leave this page').waitFor();
    await page.getByRole('link', { name: 'Catalog', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Catalog' }).waitFor();
    const other = await opened.context.newPage();
    await other.goto(`${studio.origin}/studio/deployments/new?model=patient`);
    await other.getByText('Its pull is under way already').waitFor();
    await other.close();
    await page.goBack();
    await page.getByRole('listitem').filter({ hasText: '3. Review' }).waitFor();
    await page.getByText('You may leave this page').waitFor();
    await page.getByRole('alertdialog', { name: 'The keys of waits' }).waitFor({ timeout: 30_000 });
    hub.rate = undefined;
  });

  test('a pull that fails says why, by its code, and what to do next', async () => {
    await importModel({ name: 'gone', displayName: 'Gone', files: [{ role: 'weights', size: 1000, source: { type: 'huggingface', repository: 'acme/gone', revision: 'main', path: 'gone.gguf' } }] });
    await go('/catalog/gone');
    await page.getByRole('button', { name: /^Pull/ }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'The last pull failed' });
    await alert.getByText('source_not_found').waitFor();
    await page.getByRole('button', { name: 'Pull again' }).waitFor();
  });

  test('up to four models are chosen and compared; what differs is marked in words', async () => {
    await go('/catalog?search=instruct');
    for (const name of ['phi-3-mini-4k-instruct', 'qwen2.5-0.5b-instruct', 'qwen2.5-1.5b-instruct', 'qwen2.5-7b-instruct']) await page.getByRole('checkbox', { name: `Compare ${name}` }).check();
    assert.ok(await page.getByRole('checkbox', { name: 'Compare smollm2-135m-instruct' }).isDisabled());
    await page.getByRole('button', { name: 'Do not compare qwen2.5-7b-instruct' }).click();
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    const table = page.getByRole('table', { name: 'Comparison' });
    await table.getByRole('columnheader', { name: /Qwen2\.5 1\.5B/ }).waitFor();
    assert.equal(await table.getByRole('columnheader').count(), 4);
    await table.getByRole('rowheader', { name: 'Publisher ≠ differs' }).waitFor();
    assert.match((await table.getByRole('row').filter({ hasText: 'Version' }).getByRole('rowheader').textContent()) ?? '', /^Version$/);
    await page.getByRole('switch', { name: 'Only what differs' }).click();
    assert.equal(await table.getByRole('rowheader', { name: 'Version' }).count(), 0);
    await page.getByRole('button', { name: 'Remove phi-3-mini-4k-instruct' }).click();
    assert.equal(await table.getByRole('columnheader').count(), 3);
  });

  test('a model that is not there is said to be, by its code', async () => {
    await go('/catalog/no-such-model');
    await page.getByRole('alert').filter({ hasText: 'model_not_found' }).waitFor();
  });

  test('among ten thousand models search answers as one types, and the list scrolls to its end', async () => {
    await importModels(studio.installation, Array.from({ length: 10_000 }, (_each, i) => madeUp(i)));
    await go('/catalog?sort=newest');
    await says('10,\\d\\d\\d models');
    await page.getByRole('searchbox', { name: 'Search models' }).fill('heron 8888');
    await says('1 model');
    await page.getByRole('searchbox', { name: 'Search models' }).fill('made-up');
    await says('10,000 models');
    const inDocument = async (): Promise<number> => await list().getByRole('listitem').count();
    assert.ok(await inDocument() < 100, 'only what is in the window is in the document');
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    for (const share of [0.1, 0.3, 0.6, 1]) {
      await page.evaluate((to) => window.scrollTo(0, document.documentElement.scrollHeight * to), share);
      await page.waitForTimeout(100);
    }
    await list().getByRole('link', { name: 'Heron 0', exact: true }).waitFor({ timeout: 60_000 });
    assert.ok(await inDocument() < 100);
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), height, 'nothing jumps while more is loaded');
    await list().getByRole('link', { name: 'Heron 0', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Heron 0' }).waitFor();
    await page.goBack();
    await list().getByRole('link', { name: 'Heron 0', exact: true }).waitFor();
    assert.deepEqual(opened.troubles, []);
  });

  test('among ten thousand models one is found to deploy, by a word', async () => {
    await page.goto(`${studio.origin}/studio/deployments/new`);
    const choice = page.getByRole('combobox', { name: 'Model', exact: true });
    await choice.waitFor();
    assert.equal(await choice.getByRole('option').count(), 51);
    await page.getByRole('searchbox', { name: 'Find a model' }).fill('heron 8888');
    await page.getByText('1 model can be chosen below.').waitFor();
    await choice.selectOption({ label: 'Heron 8888 (made-up-08888)' });
    await page.getByRole('textbox', { name: 'Name' }).waitFor();
    assert.match(page.url(), /model=made-up-08888$/);
  });
});
