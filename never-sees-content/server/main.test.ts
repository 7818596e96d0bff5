/** The control process as the supervisor runs it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { sockets } from '#contract/installation.ts';
import { Readiness } from '#contract/internal/readiness.ts';
import { startEmbeddedPostgres } from '../storage/embedded-postgres/postgres.ts';
import type { EmbeddedPostgres } from '../storage/embedded-postgres/postgres.ts';
import { localUser, SnapshotStream, startCustody } from './control-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-control-'));
const [data, run, cluster] = ['data', 'run', 'postgres'].map((name) => join(folder, name)) as [string, string, string];
let postgres: EmbeddedPostgres;
let custody: ChildProcess;
before(async () => {
  for (const path of [data, run]) mkdirSync(path, { mode: 0o700 });
  postgres = await startEmbeddedPostgres({ dataFolder: cluster, runFolder: run });
  custody = await startCustody(data, run);
});
after(async () => {
  custody.kill('SIGTERM');
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Control { child: ChildProcess; readiness: Readiness; output: () => string; ended: Promise<number | null> }

async function start(env: Record<string, string> = {}): Promise<Control> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    env: { MODELKEEP_DATA: data, MODELKEEP_RUN: run, DATABASE_URL: postgres.url, MODELKEEP_READY_FD: '3', MODELKEEP_STOP_ON_STDIN_END: '1', ...env }, stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const pipe = child.stdio[3];
  assert.ok(pipe);
  const [line] = (await once(pipe, 'data')) as [Buffer];
  return { child, readiness: Readiness.parse(JSON.parse(line.toString())), output: () => text, ended };
}

async function stop(control: Control, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  control.child.kill(signal);
  return await control.ended;
}

async function withAgent<T>(work: (agent: Agent) => Promise<T>): Promise<T> {
  const agent = new Agent({ connect: { socketPath: join(run, sockets.control) } });
  try { return await work(agent); } finally { await agent.destroy(); }
}
/** Waits for the first checkpoint of the ledger. */
async function published(): Promise<void> {
  for (let i = 0; i < 100 && await ask('/ledger/checkpoint') !== 200; i++) await new Promise((resolve) => setTimeout(resolve, 50));
}
const ask = (path: string, body?: object): Promise<number> => withAgent(async (dispatcher) => {
  const answer = await request(`http://control${path}`, { dispatcher, method: body ? 'POST' : 'GET', body: body ? JSON.stringify(body) : null, headers: { 'x-modelkeep-principal': JSON.stringify(localUser) } });
  await answer.body.dump();
  return answer.statusCode;
});

test('the administrator credential is said once in the life of an installation, and never in an event', async () => {
  const first = await start();
  assert.ok(first.readiness.ready);
  const credential = first.readiness.administratorCredential ?? '';
  assert.match(credential, /^mk-ad-[\w-]{43}$/);
  assert.equal(statSync(join(run, sockets.control)).mode & 0o777, 0o600);
  assert.equal(await ask('/api/status'), 200);
  assert.equal(await stop(first), 0);
  assert.ok(!first.output().includes(credential));
  for (const line of first.output().trim().split('\n')) assert.equal((JSON.parse(line) as { process: string }).process, 'control');

  const second = await start();
  assert.deepEqual(second.readiness, { ready: true });
  assert.equal(await stop(second), 0);
});

test('what was answered is there after kill -9', async () => {
  const first = await start();
  assert.equal(await ask('/api/projects', { name: 'kept' }), 201);
  await stop(first, 'SIGKILL');
  const second = await start();
  assert.equal(await ask('/api/projects', { name: 'kept' }), 409);
  await stop(second);
});

test('it ends with its supervisor, and lets a gateway go', async () => {
  const control = await start();
  await withAgent(async (dispatcher) => {
    const stream = new SnapshotStream((await request('http://control/internal/routing-snapshots', { dispatcher })).body);
    assert.ok(await stream.next());
    control.child.stdin?.end();
    assert.equal(await stream.next(), undefined);
  });
  assert.equal(await control.ended, 0);
});

test('while the database is away it says so, and it goes on when the database is back', async () => {
  const control = await start();
  await postgres.stop();
  assert.equal(await ask('/api/projects', { name: 'away' }), 503);
  assert.equal(await ask('/internal/usage', { records: [{ requestId: `req_${'0'.repeat(26)}`, projectId: `prj_${'0'.repeat(26)}`, deploymentId: `dep_${'0'.repeat(26)}`, modelDigest: `sha256:${'0'.repeat(64)}`, region: 'local',
    operation: 'completion', outcome: 'complete', at: 0, promptTokens: 1, cachedTokens: 0, outputTokens: 1 }] }), 503);
  postgres = await startEmbeddedPostgres({ dataFolder: cluster, runFolder: run });
  assert.equal(await ask('/api/projects', { name: 'away' }), 201);
  assert.equal(await stop(control), 0);
});

for (const [name, env, code] of [
  ['a setting that is not valid', { MODELKEEP_REGION: 'Not A Name' }, 'configuration_invalid'],
  ['a database that does not answer', { DATABASE_URL: 'postgresql://nobody@localhost/none?host=/nowhere' }, 'database_unreachable'],
  ['a database that must not be migrated and is not up to date', { MODELKEEP_MIGRATE: '0' }, 'migration_failed'],
] as const) {
  test(`${name} is said by its code: ${code}`, async () => {
    const control = await start('MODELKEEP_MIGRATE' in env ? { ...env, DATABASE_URL: postgres.url.replace('/modelkeep?', '/postgres?') } : env);
    assert.deepEqual(control.readiness, { ready: false, code });
    assert.equal(await control.ended, 1);
  });
}

test('without custody an empty installation does not start', async () => {
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  const other = await startEmbeddedPostgres({ dataFolder: join(folder, 'other'), runFolder: elsewhere, fast: true });
  const control = await start({ DATABASE_URL: other.url, MODELKEEP_RUN: elsewhere });
  assert.deepEqual(control.readiness, { ready: false, code: 'custody_unreachable' });
  assert.equal(await control.ended, 1);
  assert.ok(!existsSync(join(elsewhere, sockets.control)));
  await other.stop();
});

test('a database that was made with other keys is refused, and takes no harm', async () => {
  const first = await start();
  assert.ok(first.readiness.ready);
  await published();
  await stop(first);
  const [otherData, otherRun] = [join(folder, 'other-data'), join(folder, 'other-run')];
  for (const path of [otherData, otherRun]) mkdirSync(path, { mode: 0o700 });
  const stranger = await startCustody(otherData, otherRun);
  const control = await start({ MODELKEEP_DATA: otherData, MODELKEEP_RUN: otherRun });
  assert.deepEqual(control.readiness, { ready: false, code: 'keys_foreign' });
  assert.equal(await control.ended, 1);
  stranger.kill('SIGTERM');
  const again = await start();
  assert.ok(again.readiness.ready);
  await stop(again);
});
