/** The studio of a running installation, opened in a real browser by a one-time link, as its users open it. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { Installation } from '../installation.ts';
import type { StartOptions } from '../installation.ts';
import { deploy, ensureModel } from '../models.ts';
import type { Deployed } from '../models.ts';
import { launch, open } from './browser.ts';
import type { Opened } from './browser.ts';

export class StudioUnderTest {
  readonly installation: Installation;
  readonly browser: Browser;
  private constructor(installation: Installation, browser: Browser) {
    this.installation = installation;
    this.browser = browser;
  }

  static async start(options: StartOptions = {}): Promise<StudioUnderTest> {
    const [installation, browser] = await Promise.all([Installation.start(options), launch()]);
    return new StudioUnderTest(installation, browser);
  }

  get origin(): string { return this.installation.origin; }

  /** A fresh one-time link of the owner's, as `modelkeep studio` prints it. */
  async link(): Promise<string> { return (await this.installation.json<{ url: string }>('studio')).url; }

  /** The real chat model, pulled and deployed under this name. */
  async deployChat(name = 'demo'): Promise<Deployed> { return await deploy(this.installation, await ensureModel(this.installation, 'smollm2-135m-instruct'), name); }

  /** A browser of its own, signed in by a link. `path`: where to go then, for instance `/playground`. `through`: another origin that leads to this one. */
  async open({ path = '/catalog', through = this.origin, ...options }: BrowserContextOptions & { path?: string; through?: string } = {}): Promise<Opened> {
    const opened = await open(this.browser, through, { viewport: { width: 1280, height: 900 }, ...options });
    const link = new URL(await this.link());
    await opened.page.goto(`${through}${link.pathname}${link.hash}`);
    await opened.page.getByRole('button', { name: /^Account/ }).waitFor({ timeout: 30_000 });
    if (path !== '/catalog') await opened.page.goto(`${through}/studio${path}`);
    await opened.page.getByRole('heading', { level: 1 }).waitFor();
    return opened;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.installation.remove();
  }
}
