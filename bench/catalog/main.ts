/**
 * Searching a catalog of 10,000 models at the HTTP edge, beside the same requests to the catalog that the product brings, in one run. Each search is new, so that none is answered from the ones before; only `asked again` is.
 *
 *   npm run bench:catalog -- [--json] [--models N] [--rounds N]
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { sockets } from '#contract/installation.ts';
import { importModels, madeUp } from '#testing/catalog/many-models.ts';
import { Installation } from '#testing/installation.ts';
import { quantile } from '../load.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, models: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '200' } } });
const queries = {
  'first page': 'limit=100', 'two words': 'search=heron%20publisher&limit=100', 'one letter': 'search=e&limit=100', 'nothing found': 'search=nowhere-to-be-found&limit=100',
  'three filters': 'task=embeddings&licence=MIT&maxSize=2000000000&limit=100', 'sorted by size': 'sort=size&limit=100', 'asked again': 'limit=100', 'everything at once': 'search=otter&task=chat-completion&sort=newest&limit=100',
};

const installation = await Installation.start();
const agent = new Agent({ connect: { socketPath: join(installation.run, sockets.gateway) } });
let fresh = 0;
async function get(query: string): Promise<number> {
  const start = performance.now();
  const answer = await request(`http://modelkeep/api/models?${query}`, { dispatcher: agent });
  await answer.body.dump({ limit: 1 << 26 });
  if (answer.statusCode !== 200) throw new Error(`${query}: ${answer.statusCode}`);
  return performance.now() - start;
}
async function measure(): Promise<Record<string, { p50: number; p99: number }>> {
  const times: Record<string, number[]> = {};
  for (let round = -20; round < Number(values.rounds); round++) {
    for (const [name, query] of Object.entries(queries)) {
      // Larger than any model: it leaves nothing out, and makes the search another one.
      const time = await get(name === 'asked again' || query.includes('maxSize') ? query.replace('2000000000', String(2_000_000_000 + fresh++)) : `${query}&maxSize=${1e13 + fresh++}`);
      if (round >= 0) (times[name] ??= []).push(time);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, { p50: quantile(all, 0.5), p99: quantile(all, 0.99) }]));
}

try {
  const small = await measure();
  const start = performance.now();
  await importModels(installation, Array.from({ length: Number(values.models) }, (_each, i) => madeUp(i)));
  const importSeconds = (performance.now() - start) / 1000;
  const firstMs = await get('limit=100');
  const large = await measure();
  const rows = Object.fromEntries(Object.entries(large).map(([name, { p50, p99 }]) => [name, { p50, p99, ratio: p50 / (small[name]?.p50 ?? p50) }]));
  const report = { date: new Date().toISOString(), machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }, models: Number(values.models), importsPerSecond: Number(values.models) / importSeconds, firstMs, queries: rows };
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
  else { console.table(rows); process.stdout.write(`first answer after the imports ${firstMs.toFixed(1)} ms; ${report.importsPerSecond.toFixed(0)} imports a second\n`); }
} finally {
  await agent.close();
  await installation.remove();
}
