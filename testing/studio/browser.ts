/** A real browser for tests: Debian's Chromium, or the one that CHROMIUM names. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const folders = (process.env['PATH'] ?? '').split(':');
const chosen = process.env['CHROMIUM'] ? [process.env['CHROMIUM']] : [];
const installed = (...names: string[]): string | undefined => [...chosen, ...names.flatMap((name) => folders.map((folder) => join(folder, name)))].find((path) => {
  try { accessSync(path, constants.X_OK); return true; } catch { return false; }
});
export const executable = installed('chromium', 'chromium-browser', 'google-chrome');
/** The same engine without what is around its pages: a context in it costs half. What is about a browser's profile is tested in a whole one. */
const engine = installed('chromium-headless-shell') ?? executable;
/** Why tests that need a browser are left out, or false. */
export const withoutBrowser: string | false = executable === undefined ? 'no Chromium is installed (Debian: apt-get install chromium)' : false;
/** Its own sandbox needs what containers rarely give; the pages in it are ours and the tests'. */
export const launchOptions = { executablePath: executable ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] };

export const launch = async (): Promise<Browser> => await chromium.launch({ ...launchOptions, executablePath: engine ?? '' });

/** What no page of the studio may ever cause: each is a sentence. */
export function watch(context: BrowserContext, origin: string): string[] {
  const troubles: string[] = [];
  const watchPage = (page: Page): void => {
    page.on('pageerror', ({ name, message }) => troubles.push(`error in the page: ${name}: ${message}`));
    page.on('console', (message) => { if (/Content Security Policy|Trusted ?Type/i.test(message.text())) troubles.push(`policy: ${message.text()}`); });
    page.on('dialog', (dialog) => { troubles.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  };
  context.on('page', watchPage);
  context.on('request', (request) => { if (new URL(request.url()).origin !== origin) troubles.push(`request to ${request.url()}`); });
  return troubles;
}

export interface Opened { context: BrowserContext; page: Page; /** Stays empty. */ troubles: string[] }

export async function open(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const troubles = watch(context, origin);
  return { context, page: await context.newPage(), troubles };
}
