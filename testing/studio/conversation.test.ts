/** The manners of the playground: two at once, stopping, asking again and in other words, what strangers' text may do, and who may use it. The engine says what it is asked. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findings } from './axe.ts';
import { open, withoutBrowser } from './browser.ts';
import { EchoEngine } from './echo-engine.ts';
import { FlippingProxy } from './flipping-proxy.ts';
import { answerOf, ask, receiptOf } from './playground-page.ts';
import { StudioUnderTest } from './studio-under-test.ts';

const hostile = [
  '# Title', '<script>window.ran = 1</script><img src="https://elsewhere.example/a.png" onerror="window.ran = 1">', '![a picture](https://elsewhere.example/b.png)',
  '[script](javascript:window.ran=1) [data](data:text/html,x) [out](https://elsewhere.example/page?x=1)', '**bold**',
].join('\n\n');

describe('a conversation', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let studio: StudioUnderTest;
  let engine: EchoEngine;
  const proxies: FlippingProxy[] = [];
  before(async () => {
    [studio, engine] = await Promise.all([StudioUnderTest.start(), EchoEngine.start()]);
    for (const [name, model] of [['left', 'smollm2-135m-instruct'], ['right', 'smollm2-135m-instruct'], ['vectors', 'all-minilm-l6-v2']] as const) {
      if (name !== 'right') await studio.installation.json('engines', 'add', name, '--url', engine.url, '--model', model, '--served-model', 'echo');
      await studio.installation.json('deploy', model, '--serverless', '--name', name, '--engine', name === 'right' ? 'left' : name, '--no-wait');
    }
  });
  after(async () => { await studio?.close(); engine?.stop(); proxies.forEach((proxy) => proxy.close()); });

  test('with two deployments at once: one message, two answers, a verified receipt under each', async () => {
    const { page, context, troubles } = await studio.open({ path: '/playground?deployment=left' });
    await page.getByRole('switch', { name: 'Beside another one' }).click();
    await page.getByRole('region', { name: 'Conversation with right' }).waitFor();
    await ask(page, 'to both');
    for (const name of ['left', 'right']) {
      const column = page.getByRole('region', { name: `Conversation with ${name}` });
      await answerOf(column).getByText('to both').waitFor();
      await receiptOf(column).getByText(/Receipt verified/).waitFor({ timeout: 30_000 });
      await column.getByRole('status').filter({ hasText: /Answer complete\. Receipt verified in this browser: 10 of 10 checks/ }).waitFor({ state: 'attached' });
    }
    assert.equal(new URL(page.url()).search, '?deployment=left&beside=right');
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('that is stopped keeps what came and says that those bytes were not compared', async () => {
    const { page, context } = await studio.open({ path: '/playground?deployment=left' });
    await ask(page, `Say this slowly: ${'one word and then another '.repeat(20)}`);
    await answerOf(page).getByText(/Say this/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/stopped by you/).waitFor();
    await receiptOf(page).getByText(/Receipt verified.*its bytes were not compared/).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await context.close();
  });

  test('is asked again, asked in other words, and cleared; the model is told of what stands', async () => {
    const { page, context } = await studio.open({ path: '/playground?deployment=left' });
    const contents = (): string[] => engine.asked.at(-1)?.messages?.map(({ content }) => content) ?? [];
    await ask(page, 'first');
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await ask(page, 'second');
    await page.getByRole('button', { name: 'Send' }).waitFor();
    assert.deepEqual(contents(), ['first', 'first', 'second']);
    const before = engine.asked.length;
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[role=group][aria-label=Answer][aria-busy=false]').length === 2);
    assert.deepEqual([engine.asked.length, contents()], [before + 1, ['first', 'first', 'second']]);
    await page.getByRole('button', { name: 'Edit the last question' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue(), 'second');
    await ask(page, 'third');
    await page.getByRole('button', { name: 'Send' }).waitFor();
    assert.deepEqual(contents(), ['first', 'first', 'third']);
    await page.getByRole('button', { name: 'Clear' }).click();
    assert.equal(await page.getByRole('group', { name: 'You' }).count(), 0);
    await context.close();
  });

  test('is in no address and no history, and asks for nothing to be remembered or corrected', async () => {
    const { page, context } = await studio.open({ path: '/playground?deployment=left' });
    const addresses: string[] = [];
    context.on('request', (request) => addresses.push(request.url()));
    const length = await page.evaluate(() => history.length);
    await page.getByRole('button', { name: 'Parameters and system message' }).click();
    await ask(page, 'unmistakable');
    await receiptOf(page).getByText(/Receipt verified/).waitFor({ timeout: 30_000 });
    assert.ok([page.url(), ...addresses, await page.title(), await page.evaluate(() => JSON.stringify(history.state))].every((text) => !text.includes('unmistakable')));
    assert.equal(await page.evaluate(() => history.length), length);
    const fields = await page.evaluate(() => [...document.querySelectorAll('main textarea, main input[type=text], main input:not([type])')].map((field) => [field.getAttribute('autocomplete'), field.tagName === 'TEXTAREA' ? field.getAttribute('spellcheck') : 'false']));
    assert.ok(fields.length >= 7);
    assert.deepEqual(fields.filter(([complete, spell]) => complete !== 'off' || spell !== 'false'), []);
    await context.close();
  });

  test('shows an answer as the text that it is; as Markdown it loads nothing, runs nothing, and marks what leads elsewhere', async () => {
    const { page, context, troubles } = await studio.open({ path: '/playground?deployment=left' });
    const message = page.getByRole('textbox', { name: 'Message', exact: true });
    await message.fill(hostile);
    await message.press('Enter');
    await receiptOf(page).getByText(/Receipt verified/).waitFor({ timeout: 30_000 });
    assert.equal(await answerOf(page).innerText(), hostile);
    await page.getByRole('switch', { name: 'Show answers as Markdown' }).click();
    await answerOf(page).getByRole('heading', { name: 'Title' }).waitFor();
    const link = answerOf(page).getByRole('link');
    assert.deepEqual(await link.evaluateAll((links) => links.map((each) => [each.getAttribute('href'), each.getAttribute('target'), each.getAttribute('rel')])), [['https://elsewhere.example/page?x=1', '_blank', 'noopener noreferrer nofollow']]);
    assert.match(await link.innerText(), /out.*\(elsewhere\.example, opens elsewhere\)/s);
    assert.equal(await answerOf(page).locator('img, script, iframe').count(), 0);
    await answerOf(page).getByText('[image not loaded: a picture]').waitFor();
    assert.equal(await page.evaluate(() => (window as unknown as { ran?: number }).ran), undefined);
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('with embeddings compares texts, with a receipt for them', async () => {
    const { page, context, troubles } = await studio.open({ path: '/playground?deployment=vectors' });
    await page.getByRole('textbox', { name: 'Texts' }).fill('listen\nsilent\nxyz');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('table', { name: 'Similarity' }).waitFor();
    const cells = await page.getByRole('table', { name: 'Similarity' }).getByRole('row').nth(1).getByRole('cell').allInnerTexts();
    assert.deepEqual(cells, ['1. listen', '1.000', '1.000', '0.000']);
    await receiptOf(page).getByText(/Receipt verified in this browser: 10 of 10 checks/).waitFor({ timeout: 30_000 });
    await context.close();
    assert.deepEqual(troubles, []);
  });

  for (const [withheld, expected] of [['x-modelkeep-receipt-salt', /Receipt failed: opening_missing/], ['x-request-id', /The answer came without a request id/]] as const) {
    test(`whose ${withheld} somebody on the way withholds is not called verified`, async () => {
      const proxy = await FlippingProxy.start(studio.origin);
      proxies.push(proxy);
      const { page, context } = await studio.open({ path: '/playground?deployment=left', through: proxy.origin });
      proxy.withheld = [withheld];
      await ask(page, 'hello');
      await page.getByText(expected).first().waitFor({ timeout: 30_000 });
      assert.equal(await page.getByText(/Receipt verified/).count(), 0);
      await context.close();
    });
  }

  for (const [name, options] of Object.entries({ 'in light': { colorScheme: 'light' as const }, 'in dark, in 360 px': { colorScheme: 'dark' as const, viewport: { width: 360, height: 740 } } })) {
    test(`with everything opened up, ${name}, has no serious problem and is no wider than its window`, async () => {
      const { page, context } = await studio.open({ path: '/playground?deployment=left&beside=right', ...options });
      for (const part of ['Parameters and system message', 'Key that receipts are checked with']) await page.getByRole('button', { name: part }).click();
      await page.getByRole('switch', { name: 'Show answers as Markdown' }).click();
      await ask(page, `# A heading and \`code\` and a long word ${'long'.repeat(60)}`);
      const problems: string[] = [];
      for (const name of ['left', 'right']) await receiptOf(page.getByRole('region', { name: `Conversation with ${name}` })).getByRole('button', { name: /Receipt verified/ }).click({ timeout: 30_000 });
      for (const tab of ['Checks', 'What it states', 'Raw']) {
        await page.getByRole('tab', { name: tab }).first().click();
        problems.push(...await findings(page));
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (beyond > 0) problems.push(`${tab}: ${beyond} px wider than the window`);
      }
      assert.deepEqual(problems, []);
      await context.close();
    });
  }

  test('with a deployment that there is not says so, and offers the ones that there are', async () => {
    const { page, context } = await studio.open({ path: '/playground?deployment=nowhere' });
    await page.getByText('There is no deployment nowhere in this project').waitFor();
    await page.getByRole('combobox', { name: 'Deployment' }).click();
    await page.getByRole('option', { name: /^right/ }).click();
    await page.getByRole('region', { name: 'Conversation with right' }).waitFor();
    await context.close();
  });

  test('is not offered to a reader, who is told why and what to do', async () => {
    const { link } = await studio.installation.json<{ link: { url: string } }>('people', 'add', 'rita', 'reader');
    const { page, context } = await open(studio.browser, studio.origin);
    await page.goto(link.url);
    await page.getByRole('navigation', { name: 'Studio' }).waitFor();
    await page.goto(`${studio.origin}/studio/playground`);
    await page.getByRole('region', { name: 'Your role only reads' }).getByText(/role member/).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Message', exact: true }).count(), 0);
    await context.close();
  });
});
