/** The page of encryption, in a real browser against a real installation: the keys are drawn and told in words, and closing one closes what it opens. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { createKeyFile } from '#keys/providers/file/key-file-format.ts';
import { kinds } from '#control/ledger/entry.ts';
import { kindInWords } from '#edge/studio/ledger/kinds.ts';
import { findings } from './axe.ts';
import { open, withoutBrowser } from './browser.ts';
import { brought, choose, examples, stored, uploadOf } from './data-page.ts';
import { keyboardProblems } from './keyboard.ts';
import { StudioUnderTest } from './studio-under-test.ts';

describe('encryption in the studio', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let studio: StudioUnderTest;
  let keyFile = '';
  before(async () => {
    studio = await StudioUnderTest.start();
    keyFile = join(studio.installation.data, 'customer.key');
    createKeyFile(keyFile);
  });
  after(async () => { await studio?.close(); });

  const picture = (page: Page): Locator => page.getByRole('img', { name: /^Picture of the keys/ });
  const confirm = async (page: Page, action: string): Promise<void> => {
    await page.getByRole('alertdialog').getByRole('button', { name: action, exact: true }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  };
  const dataKeys = async (page: Page): Promise<string[]> => [...(await picture(page).getAttribute('aria-label') ?? '').matchAll(/(\d+) data keys?/g)].map(([, count = '']) => count);
  async function upload(page: Page, name: string): Promise<void> {
    await page.goto(`${studio.origin}/studio/data`);
    await choose(page, [brought(name, examples('one'))]);
  }
  async function setKey(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Use a key of your own' }).click();
    await page.getByRole('combobox', { name: 'Provider' }).selectOption('A file, for development');
    await page.getByRole('textbox', { name: 'File' }).fill(keyFile);
    await page.getByRole('button', { name: 'Use this key' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  test('without a key of the customer\'s the platform wraps both layers, and the picture says so in words, too', async () => {
    const { page, context, troubles } = await studio.open();
    await upload(page, 'first.jsonl');
    await stored(page, 'first.jsonl');
    await page.goto(`${studio.origin}/studio/encryption`);
    assert.match(await picture(page).getAttribute('aria-label') ?? '', /Platform root.*wraps: Platform key, version 1.*wraps: 1 data key, of the platform's layer; and Second platform key, version 1.*wraps: 1 data key, of the customer's layer\. Sealed files/);
    await page.getByRole('button', { name: 'The same in words' }).click();
    assert.match(await page.getByRole('list', { name: 'Keys' }).innerText(), /Second platform key, version 1/);
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a key of the customer\'s is set, takes the data keys over, is disabled, enabled and removed; each state has its words', async () => {
    const { page, context, troubles } = await studio.open({ path: '/encryption' });
    await setKey(page);
    await page.getByRole('status').getByText('In use').waitFor();
    await page.getByText('For development only.').waitFor();
    assert.match(await picture(page).getAttribute('aria-label') ?? '', /A file, for development, outside of Modelkeep, wraps: Customer-managed key, In use, file:.*wraps: 1 data key/);

    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByRole('alertdialog').getByText(/refused, for everybody\. Nothing is lost/).waitFor();
    await confirm(page, 'Disable the key');
    await page.getByRole('status').getByText('Disabled here').waitFor();
    assert.match(await picture(page).getAttribute('aria-label') ?? '', /nobody can open them now/);
    await upload(page, 'refused.jsonl');
    await page.getByRole('group', { name: 'Customer-managed key: disabled here.' }).getByRole('link', { name: 'What to do' }).waitFor();
    await uploadOf(page, 'refused.jsonl').getByText('customer_key_denied').waitFor();
    await uploadOf(page, 'refused.jsonl').getByRole('link', { name: 'Encryption' }).click();
    await page.getByRole('heading', { level: 1, name: 'Encryption' }).waitFor();

    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    await confirm(page, 'Enable the key');
    await page.getByRole('status').getByText('In use').waitFor();
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('button', { name: 'Try again: refused.jsonl' }).click();
    await stored(page, 'refused.jsonl');
    await page.getByRole('link', { name: 'Encryption', exact: true }).click();
    await page.getByRole('img', { name: /2 data keys.*2 data keys/ }).waitFor();

    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await confirm(page, 'Remove the key');
    await page.getByText('There is none: a second key of the platform stands in for it.', { exact: false }).waitFor();
    assert.deepEqual(await dataKeys(page), ['2', '2']);
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a key whose provider does not answer is not taken, the form says what to look at, and Escape leaves it', async () => {
    const { page, context } = await studio.open({ path: '/encryption' });
    await page.getByRole('button', { name: 'Use a key of your own' }).click();
    await page.getByRole('combobox', { name: 'Provider' }).selectOption('A file, for development');
    await page.getByRole('textbox', { name: 'File' }).fill(join(studio.installation.data, 'nowhere.key'));
    await page.getByRole('button', { name: 'Use this key' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('alert').filter({ hasText: 'Nothing was changed.' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await context.close();
  });

  test('keys are rotated: the versions are new, and the files are there as before', async () => {
    const { page, context, troubles } = await studio.open({ path: '/encryption' });
    await page.getByRole('button', { name: 'Rotate the keys' }).click();
    await confirm(page, 'Rotate');
    await page.getByRole('img', { name: /Platform key, version 2/ }).waitFor({ timeout: 30_000 });
    assert.deepEqual(await dataKeys(page), ['2', '2']);
    await page.goto(`${studio.origin}/studio/data`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download first.jsonl' }).click();
    await download;
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a credential that was typed is not there when the form is opened again, and the browser is asked to keep none', async () => {
    const { page, context } = await studio.open({ path: '/encryption' });
    const fill = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Use a key of your own' }).click();
      await page.getByRole('combobox', { name: 'Provider' }).selectOption('HashiCorp Vault (transit)');
    };
    await fill();
    const token = page.getByRole('textbox', { name: 'Token' });
    await token.fill('typed-by-a-person');
    assert.deepEqual([await token.getAttribute('autocomplete'), await token.getAttribute('spellcheck'), await token.evaluate((each) => getComputedStyle(each).getPropertyValue('-webkit-text-security'))], ['off', 'false', 'disc']);
    await page.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9');
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill('studio');
    await page.getByRole('button', { name: 'Use this key' }).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.getByText(/customer_key_unreachable|customer_key_misconfigured/).waitFor();
    assert.ok(!(await alert.innerText()).includes('typed-by-a-person'));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await fill();
    assert.equal(await token.inputValue(), '');
    await context.close();
  });

  for (const [name, options] of Object.entries({ 'in light': { colorScheme: 'light' as const }, 'in dark, in 360 px': { colorScheme: 'dark' as const, viewport: { width: 360, height: 740 } } })) {
    test(`with a key that is disabled, ${name}, has no serious problem, is used by keyboard alone and is no wider than its window`, async () => {
      const { page, context } = await studio.open({ path: '/encryption', reducedMotion: 'reduce', ...options });
      await setKey(page);
      await page.getByRole('button', { name: 'Disable', exact: true }).click();
      await confirm(page, 'Disable the key');
      await page.getByRole('status').getByText('Disabled here').waitFor();
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.deepEqual([...await findings(page), ...await keyboardProblems(page), beyond], [0]);
      await page.getByRole('button', { name: 'Enable', exact: true }).click();
      await confirm(page, 'Enable the key');
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
      await confirm(page, 'Remove the key');
      await context.close();
    });
  }

  test('whoever does not administer the project looks, and is told so', async () => {
    const { link } = await studio.installation.json<{ link: { url: string } }>('people', 'add', 'mo', 'member');
    const { page, context } = await open(studio.browser, studio.origin);
    await page.goto(link.url);
    await page.getByRole('navigation', { name: 'Studio' }).waitFor();
    await page.goto(`${studio.origin}/studio/encryption`);
    await picture(page).waitFor();
    await page.getByText('Rotating, setting and disabling keys needs the role administrator.').waitFor();
    for (const name of ['Rotate the keys', 'Use a key of your own']) assert.equal(await page.getByRole('button', { name }).count(), 0);
    await context.close();
  });
});

test('every kind of entry that can be made has words in the studio', () => {
  for (const kind of kinds) assert.notEqual(kindInWords(kind), kind);
});
