/**
 * The embedded worker beside llama-server on the same file, both behind the gateway, one thread each, four places, alternated in one run.
 *
 *   LLAMA_SERVER=/path/to/llama-server npm run bench:worker -- [--rounds N] [--tokens N]
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { request } from 'undici';
import { freePort, Installation } from '#testing/installation.ts';
import { deploy, ensureModel, modelFile } from '#testing/models.ts';
import { empty, load, quantile } from '../load.ts';
import type { Endpoint, Measured } from '../load.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '4' }, tokens: { type: 'string', default: '48' } } });
const program = process.env['LLAMA_SERVER'];
if (program === undefined) {
  process.stderr.write('Name the program: LLAMA_SERVER=/path/to/llama-server. It can be built from the source bundle inside node-llama-cpp.\n');
  process.exit(2);
}

const { path } = await modelFile('smollm2-135m-instruct');
const port = await freePort();
const server = spawn(program, ['-m', path, '--host', '127.0.0.1', '--port', String(port), '-t', '1', '-tb', '1', '-c', '4096', '-np', '4', '--no-cache-prompt', '--no-slots'], { stdio: 'ignore' });
const installation = await Installation.start({ env: { MODELKEEP_WORKER_THREADS: '1', MODELKEEP_WORKER_SEQUENCES: '4' } });
try {
  for (let i = 0; i < 200; i++) {
    try { const answer = await request(`http://127.0.0.1:${port}/health`); await answer.body.dump(); if (answer.statusCode === 200) break; } catch { /* not yet */ }
    await sleep(100);
  }
  const model = await ensureModel(installation, 'smollm2-135m-instruct');
  await installation.json('engines', 'add', 'llama-server', '--url', `http://127.0.0.1:${port}/v1`, '--model', model, '--dialect', 'llama-server');
  const embedded = await deploy(installation, model, 'embedded', '--context', '1024');
  const external = await deploy(installation, model, 'external', '--engine', 'llama-server');
  const endpoint = (deployed: { name: string; primaryKey: string }): Endpoint => ({ name: deployed.name, origin: installation.origin, path: '/v1/chat/completions', headers: { authorization: `Bearer ${deployed.primaryKey}` }, model: deployed.name, fresh: true });
  const both = [endpoint(embedded), endpoint(external)];
  const rows: Record<string, object> = {};
  for (const concurrency of [1, 4]) {
    const measured = new Map<Endpoint, Measured>(both.map((each) => [each, empty()]));
    for (const each of both) await load(each, concurrency, concurrency, 8, empty());
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const each of round % 2 === 0 ? both : [...both].reverse()) await load(each, concurrency, concurrency * 2, Number(values.tokens), measured.get(each) ?? empty());
    }
    const [ours, theirs] = both.map((each) => measured.get(each) ?? empty()) as [Measured, Measured];
    const rate = (of: Measured): number => of.tokens / of.seconds;
    rows[`@${concurrency}`] = {
      tokensPerSecond: Math.round(rate(ours)), tokensPerSecondLlamaServer: Math.round(rate(theirs)), ratio: Math.round((rate(ours) / rate(theirs)) * 100) / 100,
      firstTokenMs: Math.round(quantile(ours.firstTokenMs, 0.5)), firstTokenMsLlamaServer: Math.round(quantile(theirs.firstTokenMs, 0.5)), failed: ours.failed + theirs.failed,
    };
  }
  console.table(rows);
} finally {
  server.kill('SIGKILL');
  await installation.remove();
}
