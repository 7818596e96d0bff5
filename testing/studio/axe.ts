/** What axe-core finds on a page as it stands. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface Finding { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }

/** Serious and critical findings, a line each. `rules`: only these of axe's rules. */
export async function findings(page: Page, rules?: string[]): Promise<string[]> {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe);
  const found = await page.evaluate(async (only) => (await (globalThis as unknown as { axe: { run: (what: object, how: object) => Promise<{ violations: Finding[] }> } }).axe.run({ exclude: [['[data-tabster-dummy]']] }, { resultTypes: ['violations'], ...(only && { runOnly: only }) })).violations, rules);
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.replaceAll('\n', ' ')}`));
}
