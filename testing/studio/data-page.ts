/** The page of data as a person uses it. */
import type { Locator, Page } from 'playwright-core';

export interface Brought { name: string; mimeType: string; buffer: Buffer }
export const brought = (name: string, content: string | Buffer): Brought => ({ name, mimeType: '', buffer: Buffer.from(content) });

const row = (text: string): string => JSON.stringify({ messages: [{ role: 'user', content: text }, { role: 'assistant', content: 'yes' }] });
/** Rows that `fine-tune` allows. */
export const examples = (...texts: string[]): string => `${texts.map(row).join('\n')}\n`;

export const uploadOf = (page: Page, name: string): Locator => page.getByRole('list', { name: 'Uploads' }).getByRole('listitem', { name, exact: true });
export const fileOf = (page: Page, name: string): Locator => page.getByRole('table', { name: 'Files' }).getByRole('row').filter({ has: page.getByRole('rowheader').getByText(name, { exact: true }) });
/** By the button, as files are chosen. */
export async function choose(page: Page, files: readonly Brought[] | string): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await choosing).setFiles(typeof files === 'string' ? files : [...files]);
}
export async function drop(page: Page, files: readonly Brought[]): Promise<void> {
  const data = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const [name, text] of list) transfer.items.add(new File([Uint8Array.from(atob(String(text)), (letter) => letter.charCodeAt(0))], String(name)));
    return transfer;
  }, files.map(({ name, buffer }) => [name, buffer.toString('base64')]));
  await page.getByRole('group', { name: 'Files to upload' }).dispatchEvent('drop', { dataTransfer: data });
}
export async function stored(page: Page, name: string, timeout = 60_000): Promise<void> { await uploadOf(page, name).getByText('Stored', { exact: true }).waitFor({ timeout }); }
