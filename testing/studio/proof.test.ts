/** The pages that prove, in a real browser: the ledger verified whole and entry by entry, liars on the way found out, hostile reports harmless, a hundred thousand entries at hand. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { verifyBundle } from '#edge/verify/verify-bundle.ts';
import { withoutBrowser } from './browser.ts';
import { FlippingProxy } from './flipping-proxy.ts';
import { addEntries } from './many-entries.ts';
import { StudioUnderTest } from './studio-under-test.ts';

const long = 60_000;
const flipped = (body: Buffer, at: number): Buffer => { const copy = Buffer.from(body); copy[at] = (copy[at] ?? 0) ^ 1; return copy; };

describe('proof', { skip: withoutBrowser, timeout: 400_000 }, () => {
  let studio: StudioUnderTest;
  let proxy: FlippingProxy;
  before(async () => {
    studio = await StudioUnderTest.start();
    proxy = await FlippingProxy.start(studio.origin);
    await studio.installation.json('tokens', 'create', 'first');
  });
  after(async () => { proxy?.close(); await studio?.close(); });

  const verify = 'Verify the whole ledger';

  test('the whole ledger is verified in the browser, and against a checkpoint that was kept', async () => {
    const older = Buffer.from(await (await fetch(`${studio.origin}/ledger/checkpoint`)).arrayBuffer());
    await studio.installation.json('tokens', 'create', 'second');
    const { page, context, troubles } = await studio.open({ path: '/ledger' });
    await page.getByLabel('A checkpoint that you have kept').setInputFiles({ name: 'kept.txt', mimeType: 'text/plain', buffer: older });
    await page.getByRole('button', { name: verify }).click();
    await page.getByRole('status').filter({ hasText: 'The ledger holds' }).waitFor({ timeout: long });
    assert.match(await page.getByRole('status').filter({ hasText: 'The ledger holds' }).innerText(), new RegExp(`begins with the ${older.toString().split('\n')[1] ?? ''} of the older checkpoint`));
    assert.equal(await page.getByRole('list', { name: 'Checks of the ledger' }).getByRole('img', { name: 'Failed' }).count(), 0);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test('the verification goes on while its page is left', async () => {
    const { page, context, troubles } = await studio.open({ path: '/ledger' });
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => { letGo = resolve; });
    await page.route('**/ledger/tile/**', async (route) => { await held; await route.continue(); });
    await page.getByRole('button', { name: verify }).click();
    await page.getByRole('progressbar', { name: 'Verification of the ledger' }).waitFor();
    const go = async (name: string): Promise<void> => { await page.getByRole('link', { name, exact: true }).click(); await page.getByRole('heading', { level: 1, name }).waitFor(); };
    await go('Catalog');
    await go('Ledger');
    await page.getByRole('progressbar', { name: 'Verification of the ledger' }).waitFor();
    await go('Catalog');
    letGo();
    await go('Ledger');
    await page.getByRole('status').filter({ hasText: 'The ledger holds' }).waitFor({ timeout: long });
    assert.deepEqual(troubles, []);
    await context.close();
  });

  for (const [what, path, at, code] of [
    ['a changed entry', /^\/ledger\/tile\/entries\//, 40, 'entry_not_in_tree'], ['a changed hash', /^\/ledger\/tile\/0\//, 7, 'entry_not_in_tree'], ['a changed checkpoint', /^\/ledger\/checkpoint$/, 30, 'note_signature'],
  ] as const) {
    test(`${what} on the way is found, by its code: ${code}`, async () => {
      const { page, context } = await studio.open({ path: '/ledger', through: proxy.origin });
      proxy.change = (asked, body) => (path.test(asked) ? flipped(body, at) : body);
      try {
        await page.getByRole('button', { name: verify }).click();
        await page.getByRole('alert').filter({ hasText: 'The ledger does not hold' }).waitFor({ timeout: long });
        assert.match(await page.getByRole('list', { name: 'Checks of the ledger' }).innerText(), new RegExp(`${code}|note_malformed`));
      } finally { proxy.change = (_asked, body) => body; await context.close(); }
    });
  }

  test('an entry is proved from the published ledger; one that the API tells otherwise is not', async () => {
    const { page, context } = await studio.open({ path: '/ledger?kind=token.created', through: proxy.origin });
    await page.getByRole('link', { name: /^Entry \d+$/ }).first().click();
    const detail = page.getByRole('dialog');
    await detail.getByText('Proved: the published ledger has exactly this entry').waitFor({ timeout: long });
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    proxy.change = (asked, body) => (asked === '/api/ledger/entries' ? Buffer.from(body.toString().replaceAll('"token.created"', '"token.revoked"')) : body);
    try {
      await page.goto(`${proxy.origin}/studio/ledger?kind=token.created`);
      await page.getByRole('row').filter({ hasText: 'Token revoked' }).getByRole('link').first().click();
      await page.getByRole('dialog').getByText('Not proved.').waitFor({ timeout: long });
      assert.match(await page.getByRole('dialog').getByRole('list', { name: 'Checks of the entry' }).innerText(), /what is shown is what the ledger has\s+entry_not_in_tree/);
    } finally { proxy.change = (_asked, body) => body; await context.close(); }
  });

  test('markup in the report of an audit is text, and its page is never opened', async () => {
    const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const folder = join(studio.installation.data, 'audits', '2020-01-01T00-00-00.000Z');
    mkdirSync(folder, { recursive: true });
    const report = {
      format: 'modelkeep-audit-report/1', passed: false, startedAt: '2020-01-01T00:00:00.000Z', finishedAt: '2020-01-01T00:00:09.000Z', durationS: 9, versions: { [markup]: markup }, installation: { origin: markup },
      checks: [{ check: 'x', says: markup, holds: false }], leaks: [{ place: markup, spelling: markup, operation: markup, field: markup, outcome: markup, stream: false, cell: markup }],
      planted: { cells: 1, operations: [{ operation: markup, cells: 1, fields: 1, outcomes: { [markup]: 1 } }], uncovered: [], notPlanted: [] }, positiveControl: { found: true, leaks: [{ what: markup, sink: markup, found: true }] },
      places: [{ id: 'x', title: markup, required: true, state: 'not_covered', files: 1, bytes: 1, seconds: 1, hits: 0, notCovered: [markup] }], engine: { requests: 0, surplus: [] }, outbound: { looks: 1, destinations: [] }, cannotProve: [markup], cells: [],
    };
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
    writeFileSync(join(folder, 'report.html'), `<!doctype html><title>x</title>${markup}`);
    const { page, context, troubles } = await studio.open({ path: '/audits' });
    await page.getByRole('button', { name: '1 Jan 2020' }).click();
    await page.getByRole('table', { name: 'Traces found' }).getByText('<img src=x onerror="alert(1)"><script>').first().waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download page' }).click()]);
    assert.equal(download.suggestedFilename(), 'report.html');
    assert.equal(context.pages().length, 1);
    assert.deepEqual(troubles, []);
    const answer = await page.request.get(`${studio.origin}/api/audits/2020-01-01T00-00-00.000Z/report`);
    assert.match(answer.headers()['content-type'] ?? '', /^application\/json/);
    assert.equal(answer.headers()['x-content-type-options'], 'nosniff');
    await context.close();
  });

  test('an audit is started, goes on while its page is left, and its report is signed and in the ledger', async () => {
    const { page, context } = await studio.open({ path: '/audits' });
    await page.getByRole('button', { name: 'Start an audit' }).click();
    await page.getByRole('progressbar', { name: 'Preparing' }).waitFor();
    await page.goto(`${studio.origin}/studio/catalog`);
    await page.goto(`${studio.origin}/studio/audits`);
    await page.getByRole('button', { name: 'An audit is running' }).waitFor();
    await page.getByRole('button', { name: 'Start an audit' }).waitFor({ timeout: 240_000 });
    const [newest] = (await studio.installation.json<{ data: { id: string; state: string }[] }>('audits', 'list')).data;
    const { leaks } = await studio.installation.json<{ leaks: object[] }>('audits', 'report', newest?.id ?? '');
    assert.equal(newest?.state, 'passed', JSON.stringify(leaks));
    await page.getByRole('table', { name: 'Audits' }).getByRole('button').first().click();
    await page.getByText('Holds: these are the bytes that key-custody signed').waitFor({ timeout: long });
    await page.getByRole('link', { name: 'Entries of the ledger about this audit' }).click();
    await page.getByRole('cell', { name: 'Audit finished' }).waitFor();
    await context.close();
  });

  test('the data map lights where a class of data is, and says the same in words', async () => {
    const { page, context, troubles } = await studio.open({ path: '/data-map' });
    await page.getByRole('group', { name: 'Classes of data' }).getByRole('button', { name: 'Prompts' }).click();
    assert.equal(await page.getByRole('button', { name: 'Prompts', pressed: true }).count(), 1);
    await page.getByRole('img', { name: /one class lit\. Prompts: in the memory of gateway, worker .*stored nowhere/ }).waitFor();
    assert.deepEqual(await page.getByRole('table', { name: 'Prompts in memory' }).getByRole('rowheader').allInnerTexts(), ['gateway', 'worker (sandboxed)', 'command line (the user\'s own)', 'studio (in the user\'s own browser)']);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test('twenty promises, each with its state; a proof runs where it stands', async () => {
    const { page, context } = await studio.open({ path: '/promises' });
    await page.getByRole('article').nth(19).waitFor();
    assert.equal(await page.getByRole('article').count(), 20);
    await page.getByRole('article', { name: 'P20 Verifiable' }).getByText('How P20 is kept').click();
    await page.getByRole('button', { name: 'Run here: verify the ledger' }).click();
    await page.getByRole('button', { name: verify }).click();
    await page.getByText('The ledger holds').waitFor({ timeout: long });
    for (const { title, id } of (await (await fetch(`${studio.origin}/api/promises`)).json() as { data: { id: string; title: string }[] }).data) {
      const article = page.getByRole('article', { name: `${id} ${title}`, exact: true });
      if (id !== 'P20') await article.getByText(`How ${id} is kept`).click();
      const proofs = article.getByRole('button', { name: /^(Run here|Open):/ }).or(article.getByRole('link', { name: /^Open:/ }));
      await proofs.first().waitFor();
    }
    const kept = page.getByRole('article', { name: 'P20 Verifiable' });
    await kept.getByRole('button', { name: 'Run here: make a request and check its receipt' }).click();
    const checks = kept.getByRole('list', { name: 'Checks of the receipt' });
    await checks.waitFor({ timeout: long });
    await kept.getByRole('button', { name: /Receipt verified/ }).waitFor();
    assert.equal(await checks.getByLabel('Failed').count(), 0);
    await page.getByRole('button', { name: /^Not yet/ }).click();
    assert.ok((await page.getByRole('article').count()) < 20);
    await context.close();
  });

  test('health says what was found and what to do', async () => {
    const { page, context } = await studio.open({ path: '/settings?tab=health' });
    const checks = page.getByRole('list', { name: 'Checks' });
    await checks.getByText('Witnesses', { exact: true }).waitFor({ timeout: long });
    assert.equal(await checks.getByRole('listitem').count(), 11);
    await page.getByRole('region', { name: 'command: npx modelkeep doctor', exact: true }).last().waitFor();
    await checks.getByText('None is configured.').waitFor();
    await context.close();
  });

  test('kind, object and by each narrow the list, and the bundle that is downloaded holds', async () => {
    const { page, context, troubles } = await studio.open({ path: '/ledger' });
    interface Listed { index: number; kind: string; object: string; actor: { id: string } }
    const { data: all } = await studio.installation.json<{ data: Listed[] }>('ledger', 'list', '--all', '--limit', '500');
    // Of the project itself: an audit has made tokens in another.
    const { data: [chosen] } = await studio.installation.json<{ data: Listed[] }>('ledger', 'list', '--kind', 'token.created', '--limit', '1');
    assert.ok(chosen);
    const filters = page.getByRole('search', { name: 'Filter entries' });
    const narrowed = async (fits: (entry: Listed) => boolean): Promise<void> => {
      const expected = all.filter(fits).length;
      assert.ok(expected > 0 && expected < all.length);
      await page.getByRole('status').filter({ hasText: new RegExp(`^${expected} (entry|entries) found`) }).waitFor();
      await page.getByRole('table', { name: 'Entries' }).getByRole('link').first().waitFor();
      const shown = await page.getByRole('table', { name: 'Entries' }).getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('aria-label') ?? ''));
      assert.ok(shown.length > 0 && shown.every((label) => all.some((entry) => fits(entry) && label === `Entry ${entry.index}`)), shown.join());
      await filters.getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('status').filter({ hasText: /^\d+ entries\. / }).waitFor();
    };
    await filters.getByRole('combobox', { name: 'Kind' }).selectOption('token.created');
    await narrowed(({ kind }) => kind === 'token.created');
    for (const [label, value, fits] of [['Object', chosen.object, ({ object }: Listed) => object === chosen.object], ['By', chosen.actor.id, ({ actor }: Listed) => actor.id === chosen.actor.id]] as const) {
      const field = filters.getByRole('textbox', { name: label, exact: true });
      await field.fill(value);
      await field.press('Enter');
      await narrowed(fits);
    }
    const [made] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the project\'s bundle' }).click()]);
    const file = readFileSync(await made.path());
    const verdict = await verifyBundle({ file, key: await (await fetch(`${studio.origin}/ledger/key`)).text() });
    assert.deepEqual(verdict.checks.filter(({ passed }) => !passed), []);
    assert.ok(verdict.passed && file.includes(chosen.object));
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test('markup in the words of an error is shown as text and does nothing', async () => {
    const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const { page, context, troubles } = await studio.open({ through: proxy.origin });
    proxy.change = (asked, body) => (asked === '/api/promises' ? Buffer.from(JSON.stringify({ error: { code: markup, message: `Message ${markup}`, param: `param ${markup}`, type: 'invalid_request_error' } })) : body);
    proxy.status = (asked) => (asked === '/api/promises' ? 400 : undefined);
    try {
      await page.goto(`${proxy.origin}/studio/promises`);
      const told = page.getByRole('main').getByRole('alert');
      await told.filter({ hasText: 'Message' }).waitFor();
      for (const words of [`Message ${markup}`, `Field: param ${markup}`, `Code: ${markup}`]) assert.ok((await told.innerText()).includes(words), words);
      assert.equal(await page.locator('main :is(img, script)').count(), 0);
      assert.deepEqual(troubles, []);
    } finally { proxy.change = (_asked, body) => body; proxy.status = () => undefined; await context.close(); }
  });

  test('a hundred thousand entries scroll, from any place, and are verified whole', async () => {
    const many = 100_000;
    await addEntries(studio.installation, many);
    await studio.installation.json('tokens', 'create', 'after-all-of-them');
    const { page, context, troubles } = await studio.open({ path: '/ledger' });
    await page.getByText(/^100,\d{3} entries/).waitFor({ timeout: long });
    const rows = page.getByRole('table', { name: 'Entries' });
    for (const share of [0.5, 0.97, 0.1]) {
      await page.evaluate((part) => window.scrollTo(0, document.documentElement.scrollHeight * part), share);
      await page.waitForFunction(() => { const links = [...document.querySelectorAll('[role=row] a')].filter((link) => { const { top } = link.getBoundingClientRect(); return top > 60 && top < innerHeight; }); return links.length > 5; }, undefined, { timeout: 10_000 });
      assert.ok((await rows.getByRole('row').count()) < 80, 'only what is seen is in the document');
    }
    for (const deadline = Date.now() + long; Date.now() < deadline;) {
      if (Number((await (await fetch(`${studio.origin}/ledger/checkpoint`)).text()).split('\n')[1]) > many) break;
      await page.waitForTimeout(300);
    }
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.getByRole('button', { name: verify }).click();
    await page.getByRole('status').filter({ hasText: 'The ledger holds: all 100,' }).waitFor({ timeout: 150_000 });
    assert.deepEqual(troubles, []);
    await context.close();
  });
});
