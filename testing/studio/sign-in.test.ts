/** Signing in, people, tokens, sessions and passwords, by what a person sees and a screen reader reads. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withoutBrowser } from './browser.ts';
import { StudioUnderTest } from './studio-under-test.ts';
import { open } from './browser.ts';

describe('signing in', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let studio: StudioUnderTest;
  before(async () => { studio = await StudioUnderTest.start(); });
  after(async () => { await studio.close(); });

  test('a link opens the studio; its code is in no address, no history and no request line', async () => {
    const { page, context, troubles } = await open(studio.browser, studio.origin);
    const addresses: string[] = [];
    context.on('request', (request) => addresses.push(request.url()));
    const link = await studio.link();
    await page.goto(link);
    await page.getByRole('navigation', { name: 'Studio' }).waitFor();
    const code = new URL(link).hash.slice(1);
    assert.ok(!page.url().includes('mk-sl-'));
    await page.goBack().catch(() => null);
    assert.ok(!page.url().includes('mk-sl-'));
    assert.ok(addresses.every((address) => !new URL(address).pathname.includes(code) && !new URL(address).search.includes(code)));
    await page.goto(`${studio.origin}/studio/catalog`);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    assert.ok(!kept.includes('mk-'), kept);
    await context.close();
    assert.deepEqual(troubles, []);
  });

  test('a used link says so, and what to do', async () => {
    const link = await studio.link();
    for (const [i, expected] of ['navigation', 'alert'].entries()) {
      const { page, context } = await open(studio.browser, studio.origin);
      await page.goto(link);
      await page.getByRole(expected as 'alert').first().waitFor();
      if (i === 1) assert.match(await page.getByRole('alert').innerText(), /sign_in_refused/);
      await context.close();
    }
  });

  test('somebody who is signed in is asked before a link signs somebody else in', async () => {
    const { page, context } = await studio.open();
    await page.goto(`${studio.origin}/studio/sign-in`);
    await page.goto(await studio.link());
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await page.getByRole('navigation', { name: 'Studio' }).waitFor();
    await context.close();
  });

  test('an invited person comes by link, sets a password, signs out, and comes back by it', async () => {
    const owner = await studio.open({ path: '/settings' });
    await owner.page.getByRole('button', { name: 'Add a person' }).click();
    await owner.page.getByRole('textbox', { name: 'Name' }).fill('anna');
    await owner.page.getByRole('radio', { name: /^Member/ }).check();
    await owner.page.getByRole('button', { name: 'Add', exact: true }).click();
    const link = await owner.page.getByRole('region', { name: 'link for anna' }).innerText();
    await owner.page.getByRole('listitem', { name: 'anna' }).waitFor();

    const anna = await open(studio.browser, studio.origin);
    await anna.page.goto(link);
    await anna.page.getByRole('button', { name: 'Account anna' }).click();
    await anna.page.getByRole('menuitem', { name: 'Set a password' }).click();
    await anna.page.getByRole('textbox', { name: 'New password', exact: true }).fill('four words are enough');
    await anna.page.getByRole('textbox', { name: 'New password again' }).fill('four words are enough');
    await anna.page.getByRole('button', { name: 'Set it' }).click();
    await anna.page.getByRole('status').filter({ hasText: 'The password is set' }).waitFor();
    await anna.page.getByRole('button', { name: 'Account anna' }).click();
    await anna.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await anna.page.getByRole('textbox', { name: 'Name' }).fill('anna');
    await anna.page.getByRole('textbox', { name: 'Password' }).fill('not that one');
    await anna.page.getByRole('button', { name: 'Sign in' }).click();
    assert.match(await anna.page.getByRole('alert').innerText(), /sign_in_refused/);
    await anna.page.getByRole('textbox', { name: 'Name' }).fill('anna');
    await anna.page.getByRole('textbox', { name: 'Password' }).fill('four words are enough');
    await anna.page.getByRole('button', { name: 'Sign in' }).click();
    await anna.page.getByRole('navigation', { name: 'Studio' }).waitFor();

    await owner.page.getByRole('button', { name: 'Change anna' }).click();
    await owner.page.getByRole('menuitem', { name: 'Remove' }).click();
    await owner.page.getByRole('textbox', { name: /Type anna/ }).fill('anna');
    await owner.page.getByRole('button', { name: 'Remove', exact: true }).click();
    await owner.page.getByRole('listitem', { name: 'anna' }).waitFor({ state: 'detached' });
    await anna.page.goto(`${studio.origin}/studio/deployments`);
    await anna.page.getByRole('heading', { name: 'Sign in to Modelkeep' }).waitFor();
    await Promise.all([owner.context.close(), anna.context.close()]);
    assert.deepEqual([...owner.troubles, ...anna.troubles], []);
  });

  test('a token is shown once and revoked; a session of another browser is ended', async () => {
    const [here, there] = [await studio.open({ path: '/settings?tab=tokens' }), await studio.open()];
    await here.page.getByRole('button', { name: 'Create a token' }).click();
    await here.page.getByRole('textbox', { name: 'Name' }).fill('ci');
    await here.page.getByRole('button', { name: 'Create', exact: true }).click();
    assert.match(await here.page.getByRole('region', { name: 'token ci' }).innerText(), /^mk-pt-/);
    await here.page.getByRole('button', { name: 'Revoke ci' }).click();
    await here.page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await here.page.getByRole('listitem', { name: 'ci' }).getByText('Revoked').waitFor();
    await here.page.getByRole('tab', { name: 'Sessions' }).click();
    await here.page.getByRole('listitem').filter({ hasText: 'This one' }).waitFor();
    await here.page.getByRole('button', { name: /^End session/ }).first().click();
    await here.page.getByRole('button', { name: 'End', exact: true }).click();
    await here.page.getByRole('dialog').waitFor({ state: 'detached' });
    await there.page.goto(`${studio.origin}/studio/deployments`);
    await there.page.getByRole('heading', { name: 'Sign in to Modelkeep' }).waitFor();
    await Promise.all([here.context.close(), there.context.close()]);
    assert.deepEqual([...here.troubles, ...there.troubles], []);
  });
});
