/**
 * What the gateway adds: the same streamed requests to the same engine directly, through Modelkeep and through public gateways, alternated in one run.
 *
 *   npm run bench:gateway -- [--json] [--rounds N] [--peers portkey,litellm|none] [--interval-ms X] [--tokens N]
 */
import { parseArgs } from 'node:util';
import { cpus } from 'node:os';
import { Installation } from '#testing/installation.ts';
import { NullEngine } from '#testing/null-engine/process.ts';
import { deploy } from '#testing/models.ts';
import { empty, load, quantile } from '../load.ts';
import type { Endpoint, Measured } from '../load.ts';
import { litellm, portkey, versions } from './peers.ts';
import type { Peer } from './peers.ts';

const { values } = parseArgs({ options: {
  json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '8' }, peers: { type: 'string', default: 'portkey,litellm' },
  'interval-ms': { type: 'string', default: '10' }, tokens: { type: 'string', default: '64' },
} });
const rounds = Number(values.rounds);
const tokens = Number(values.tokens);
const concurrencies = [1, 4, 16];
/** Tokens of an answer at concurrency 1, where the time to the first one is what matters: more requests in the same time. */
const shortAnswer = 12;
const say = (text: string): void => { if (!values.json) process.stdout.write(text); };

const engine = await NullEngine.start({ tokens, intervalMs: Number(values['interval-ms']) });
const installation = await Installation.start();
const peers: Peer[] = [];
const leftOut: Record<string, string> = {};
try {
  const report = await measure();
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
  else console.table(Object.fromEntries(Object.entries(report.byTarget).flatMap(([name, rows]) => rows.map((row) => [`${name} @${row.concurrency}`, row]))));
} finally {
  for (const peer of peers) peer.stop();
  await installation.remove();
  await engine.stop();
}

async function targets(): Promise<Endpoint[]> {
  await installation.json('engines', 'add', 'null', '--url', engine.url, '--model', 'smollm2-135m-instruct', '--served-model', 'null');
  const deployed = await deploy(installation, 'smollm2-135m-instruct', 'bench', '--engine', 'null');
  const direct: Endpoint = { name: 'direct', origin: new URL(engine.url).origin, path: '/v1/chat/completions', headers: {}, model: 'null' };
  const own: Endpoint = { name: 'modelkeep', origin: installation.origin, path: '/v1/chat/completions', headers: { authorization: `Bearer ${deployed.primaryKey}` }, model: 'bench' };
  for (const [name, start] of [['portkey', portkey], ['litellm', litellm]] as const) {
    if (!values.peers.split(',').includes(name)) continue;
    say(`starting ${name} ${versions[name]}\n`);
    try { peers.push(await start(engine.url, 'null')); } catch (error) { leftOut[name] = error instanceof Error ? error.message.slice(0, 200) : 'unknown'; }
  }
  return [direct, own, ...peers.map((peer) => peer.endpoint)];
}

interface Row { concurrency: number; addedTtftMs: { p50: number; p99: number }; addedPerTokenMs: { p50: number; p99: number }; addedWholeMs: { p50: number; p99: number }; tokensPerSecond: number; throughputRatio: number; failed: number }

async function measure(): Promise<Record<string, unknown> & { byTarget: Record<string, Row[]> }> {
  const endpoints = await targets();
  const byTarget: Record<string, Row[]> = {};
  for (const concurrency of concurrencies) {
    const measured = new Map<Endpoint, Measured>(endpoints.map((endpoint) => [endpoint, empty()]));
    // Everyone warm, as a server that has run for a while: optimising compilers need some thousand requests.
    for (const endpoint of endpoints) await load(endpoint, concurrency, concurrency === 1 ? 2000 : 300, 1, empty());
    for (let round = 0; round < rounds; round++) {
      // A different order each round, so that no target always follows the same one.
      for (let i = 0; i < endpoints.length; i++) {
        const endpoint = endpoints[(i + round) % endpoints.length];
        const into = endpoint && measured.get(endpoint);
        if (endpoint && into) await load(endpoint, concurrency, concurrency === 1 ? 40 : concurrency * 4, concurrency === 1 ? shortAnswer : tokens, into);
      }
      say(`concurrency ${concurrency}: round ${round + 1} of ${rounds}\n`);
    }
    const base = measured.get(endpoints[0] as Endpoint) ?? empty();
    for (const [endpoint, result] of measured) (byTarget[endpoint.name] ??= []).push(row(concurrency, base, result));
  }
  const own = byTarget['modelkeep'] ?? [];
  const first = own.find((entry) => entry.concurrency === 1);
  return {
    date: new Date().toISOString(), machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }, engine: { tokens, intervalMs: Number(values['interval-ms']) }, rounds,
    addedTtftMs: first?.addedTtftMs, addedPerTokenMs: first?.addedPerTokenMs, throughputRatio16: own.find((entry) => entry.concurrency === 16)?.throughputRatio,
    ...Object.fromEntries(peers.map(({ endpoint }) => [endpoint.name, peerSummary(byTarget[endpoint.name] ?? [], versions[endpoint.name as keyof typeof versions])])),
    leftOut, byTarget,
  };
}

function peerSummary(rows: Row[], version: string): object {
  const first = rows.find((entry) => entry.concurrency === 1);
  return { version, addedTtftMs: first?.addedTtftMs, addedPerTokenMs: first?.addedPerTokenMs, throughputRatio16: rows.find((entry) => entry.concurrency === 16)?.throughputRatio };
}

function row(concurrency: number, base: Measured, result: Measured): Row {
  const added = (key: 'firstTokenMs' | 'gapsMs' | 'wholeMs'): { p50: number; p99: number } => ({
    p50: round3(quantile(result[key], 0.5) - quantile(base[key], 0.5)), p99: round3(quantile(result[key], 0.99) - quantile(base[key], 0.99)),
  });
  const rate = (measured: Measured): number => measured.tokens / measured.seconds;
  return {
    concurrency, addedTtftMs: added('firstTokenMs'), addedPerTokenMs: added('gapsMs'), addedWholeMs: added('wholeMs'),
    tokensPerSecond: Math.round(rate(result)), throughputRatio: round3(rate(result) / rate(base)), failed: result.failed,
  };
}

function round3(value: number): number { return Math.round(value * 1000) / 1000; }
