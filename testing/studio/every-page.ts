/** Every page of the studio with something on it, and what opens on it, for what must hold on all of them. */
import type { Page } from 'playwright-core';
import { ask, receiptOf } from './playground-page.ts';

/** `what` tells apart what one path can show; `open` brings it there, by what a person does. */
export type View = readonly [path: string, what: string, open?: (page: Page) => Promise<void>];

const press = async (page: Page, name: string | RegExp): Promise<void> => await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click();
const next = async (page: Page): Promise<void> => await press(page, 'Next');

/** What somebody who is signed in sees. `deployment` and `model` exist; `deleted` is the id of what does not any more. */
export const everyPage = (model: string, deployment: string, deleted: string): readonly View[] => [
  ['/catalog', 'cards'], ['/catalog', 'chosen for comparison', async (page) => { for (const i of [0, 1]) await page.getByRole('checkbox', { name: /^Compare/ }).nth(i).check(); }],
  ['/catalog', 'table', async (page) => { await press(page, 'Show as a table'); await page.getByRole('table', { name: 'Models' }).waitFor(); }],
  [`/catalog/${model}`, 'model'], [`/compare?models=${model},all-minilm-l6-v2`, 'two models'], ['/deployments', 'list'],
  [`/deployments/new?model=${model}`, 'first step'],
  [`/deployments/new?model=${model}`, 'second step', async (page) => { await next(page); await press(page, /^More/); await page.getByLabel(/^Tokens of context/).waitFor(); }],
  [`/deployments/new?model=${model}`, 'third step', async (page) => { await next(page); await next(page); await page.getByRole('button', { name: 'Deploy', exact: true }).waitFor(); }],
  [`/deployments/${deployment}`, 'deployment'],
  [`/deployments/${deployment}`, 'asking before a key is replaced', async (page) => { await press(page, 'Replace the primary key'); await page.getByRole('alertdialog').or(page.getByRole('dialog')).waitFor(); }],
  [`/playground?deployment=${deployment}`, 'nothing said'],
  [`/playground?deployment=${deployment}`, 'an answer and its receipt', async (page) => { await ask(page, 'Say one word.'); await receiptOf(page).getByRole('button', { name: /Receipt verified/ }).click({ timeout: 60_000 }); }],
  ['/data', 'files'],
  ['/data', 'an upload that was refused', async (page) => {
    await page.getByLabel('Files', { exact: true }).and(page.locator('input')).setInputFiles({ name: 'wrong.jsonl', mimeType: '', buffer: Buffer.from('{"a": 1}\n\n') });
    await page.getByRole('table', { name: 'Rows of wrong.jsonl that are wrong' }).waitFor();
  }],
  ['/data', 'asking before a file is deleted', async (page) => {
    await page.getByRole('combobox', { name: 'Purpose' }).selectOption('User data');
    await page.getByLabel('Files', { exact: true }).and(page.locator('input')).setInputFiles({ name: 'a file.txt', mimeType: '', buffer: Buffer.from('text') });
    await page.getByRole('button', { name: 'Delete a file.txt' }).first().click();
    await page.getByRole('alertdialog').waitFor();
  }],
  ['/data?tab=datastores', 'datastores'], ['/data?tab=datastores', 'adding one', async (page) => { await press(page, 'Add a datastore'); await page.getByRole('dialog').waitFor(); }],
  ['/encryption', 'keys', async (page) => { await press(page, 'The same in words'); await page.getByRole('list', { name: 'Keys' }).waitFor(); }],
  ['/encryption', 'setting a key', async (page) => { await press(page, 'Use a key of your own'); await page.getByRole('dialog').waitFor(); }],
  ['/encryption', 'asking before keys are rotated', async (page) => { await press(page, 'Rotate the keys'); await page.getByRole('alertdialog').waitFor(); }],
  [`/deletions/${deleted}`, 'certificate', async (page) => { await page.getByText(/Certificate verified/).waitFor({ timeout: 15_000 }); }], ['/deletions/fil_00000000000000000000000000', 'of nothing', async (page) => { await page.getByRole('alert').waitFor(); }],
  ['/usage', 'figures'], ['/promises', 'closed'],
  ['/promises', 'details', async (page) => { for (const i of [0, 1, 2]) await page.getByText(/^How P\d+ is kept/).nth(i).click(); }],
  ['/ledger', 'entries'], ['/ledger?entry=0', 'one entry', async (page) => { await page.getByRole('list', { name: 'Checks of the entry' }).waitFor({ timeout: 15_000 }); }],
  ['/receipts', 'nothing looked up'], ['/data-map', 'all'],
  ['/data-map', 'a class lit', async (page) => { await page.getByRole('group', { name: 'Classes of data' }).getByRole('button').first().click(); }],
  ['/audits', 'audits'], ['/settings?tab=people', 'people'], ['/settings?tab=people', 'adding one', async (page) => { await press(page, 'Add a person'); await page.getByRole('radio').first().waitFor(); }],
  ['/settings?tab=tokens', 'tokens'], ['/settings?tab=sessions', 'sessions'], ['/settings?tab=password', 'password'], ['/settings?tab=health', 'health'],
  ['/nowhere', 'no such page'],
];

/** What somebody sees who is not. */
export const beforeSigningIn: readonly View[] = [
  ['/sign-in', 'form'],
  ['/sign-in', 'refused', async (page) => {
    await page.getByRole('textbox', { name: 'Name' }).fill('nobody');
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await press(page, 'Sign in');
    await page.getByRole('alert').waitFor();
  }],
];

/** Goes there and waits until nothing on it says that it is being loaded. */
export async function show(page: Page, origin: string, [path, , open]: View): Promise<void> {
  await page.goto(`${origin}/studio${path}`);
  await settled(page);
  if (!open) return;
  await open(page);
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, includeHidden: true }).waitFor();
  await page.waitForFunction(() => document.querySelector('[role=progressbar][aria-label^="Opening"], .fui-Skeleton') === null, undefined, { timeout: 15_000 });
}
