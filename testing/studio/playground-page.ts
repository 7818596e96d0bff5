/** The playground as a person uses it. */
import type { Locator, Page } from 'playwright-core';

export async function ask(page: Page, question: string): Promise<void> {
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await message.fill(question);
  await message.press('Enter');
  await page.getByRole('group', { name: 'You' }).filter({ hasText: question }).last().waitFor();
}
/** The newest receipt on the page, or within a part of it. */
export const receiptOf = (where: Page | Locator): Locator => where.getByRole('group', { name: 'Receipt' }).last();
export const answerOf = (where: Page | Locator): Locator => where.getByRole('group', { name: 'Answer' }).last();
