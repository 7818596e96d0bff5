/**
 * The studio in a real browser, among 10,000 models and 100,000 entries of the ledger: from the press of a key to the list that shows its result, from the address to the first row, and what keeps the page from answering while it is scrolled.
 * Every opening is in a browser context of its own, so that none finds files of the one before. A letter is another one each time, so that none is answered from what was asked before.
 *
 *   npm run bench:studio -- [--models N] [--entries N] [--rounds N]
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { BrowserContext, Page } from 'playwright-core';
import { importModels, madeUp } from '#testing/catalog/many-models.ts';
import { open } from '#testing/studio/browser.ts';
import { addEntries } from '#testing/studio/many-entries.ts';
import { StudioUnderTest } from '#testing/studio/studio-under-test.ts';
import { quantile } from '../load.ts';
import { watchPage } from './watch.ts';

const { values } = parseArgs({ options: { models: { type: 'string', default: '10000' }, entries: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);
const words = ['heron', 'otter', 'cedar', 'quartz', 'lynx', 'maple', 'basalt', 'finch'];
const ofAll = (all: readonly number[]): { p50: number; max: number; n: number } => ({ p50: Math.round(quantile([...all], 0.5)), max: Math.round(Math.max(...all)), n: all.length });

const studio = await StudioUnderTest.start();
const load = loadavg();
try {
  const { context } = await studio.open();
  const signedIn = await context.storageState();
  await context.close();
  await importModels(studio.installation, Array.from({ length: Number(values.models) }, (_each, i) => madeUp(i)));
  await addEntries(studio.installation, Number(values.entries));

  const fresh = async (path: string): Promise<{ context: BrowserContext; page: Page; firstRow: number }> => {
    const { context: own, page } = await open(studio.browser, studio.origin, { viewport: { width: 1280, height: 900 }, storageState: signedIn });
    await page.addInitScript(watchPage);
    await page.goto(`${studio.origin}/studio${path}`);
    return { context: own, page, firstRow: await (await page.waitForFunction(() => window.noted.firstRow || undefined)).jsonValue() ?? NaN };
  };
  const openings = async (path: string): Promise<ReturnType<typeof ofAll>> => {
    const all: number[] = [];
    for (let i = -1; i < rounds; i++) { const opened = await fresh(path); if (i >= 0) all.push(opened.firstRow); await opened.context.close(); }
    return ofAll(all);
  };
  const letters = async (): Promise<ReturnType<typeof ofAll>> => {
    const { context: own, page } = await fresh('/catalog');
    const box = page.getByRole('searchbox', { name: 'Search models' });
    for (const [i, word] of [...words, ...words].entries()) {
      await box.fill(`${word} ${(i + 1) % 10}`);
      await page.waitForTimeout(600);
      const before = await page.evaluate(() => window.noted.results.length);
      await page.keyboard.press(String((i + 4) % 10));
      await page.waitForFunction((had) => window.noted.results.length > had, before);
    }
    const results = await page.evaluate(() => window.noted.results);
    await own.close();
    return ofAll(results);
  };
  const scrolled = async (path: string): Promise<{ longTasks: number; longestMs: number; seconds: number }> => {
    const { context: own, page } = await fresh(path);
    await page.waitForTimeout(1000);
    await page.mouse.move(800, 600);
    await page.evaluate(() => { window.noted.longTasks.length = 0; });
    const start = performance.now();
    for (let i = 0; i < 150; i++) { await page.mouse.wheel(0, 400); await page.waitForTimeout(16); }
    const seconds = (performance.now() - start) / 1000;
    const tasks = await page.evaluate(() => window.noted.longTasks);
    await own.close();
    return { longTasks: tasks.length, longestMs: Math.round(Math.max(0, ...tasks)), seconds: Math.round(seconds * 10) / 10 };
  };

  const report = {
    date: new Date().toISOString(), machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, browser: studio.browser.version(), loadBefore: load }, models: Number(values.models), entries: Number(values.entries),
    millisecondsFromKeyToResult: await letters(), millisecondsToFirstRow: { catalog: await openings('/catalog'), ledger: await openings('/ledger') }, whileScrolling: { catalog: await scrolled('/catalog'), ledger: await scrolled('/ledger') },
  };
  process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
} finally { await studio.close(); }
