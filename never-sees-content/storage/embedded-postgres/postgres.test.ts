import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './error.ts';
import { startEmbeddedPostgres } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';

let folder: string;
let running: EmbeddedPostgres[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mk-pg-'));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  running = [];
});
afterEach(async () => {
  for (const server of running) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const options = () => ({ dataFolder: join(folder, 'postgres'), runFolder: join(folder, 'run'), logFile: join(folder, 'postgres.log') });

async function start(fast = true): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ ...options(), fast });
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try { return (await client.query<Record<string, unknown>>(text)).rows; } finally { await client.end(); }
}

const isGone = (pid: number): boolean => !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.startsWith('Z') === true;
async function gone(pid: number): Promise<void> { while (!isGone(pid)) await sleep(20); }

test('it serves an ordinary role that owns one database, on a local socket and no other', { timeout: 60_000 }, async () => {
  const { url, pid } = await start();
  assert.deepEqual(await query(url, 'select current_user u, current_database() d'), [{ u: 'modelkeep', d: 'modelkeep' }]);
  assert.deepEqual(await query(url, 'select rolsuper s, rolcreaterole r, rolcreatedb d, rolreplication p from pg_roles where rolname = current_user'), [{ s: false, r: false, d: false, p: false }]);
  assert.deepEqual(await query(url, "select setting from pg_settings where name = 'listen_addresses'"), [{ setting: '' }]);
  assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'latin1'), /PASSWORD|TOKEN|HOME=/);
  if (process.getuid?.() === 0) assert.match(readFileSync(`/proc/${pid}/uid_map`, 'utf8'), /^\s*65534\s+0\s+1\s*$/, 'as root it is nobody in a namespace of its own');
});

test('outside tests every commit reaches the disk', { timeout: 60_000 }, async () => {
  const { url } = await start(false);
  const rows = await query(url, "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name");
  assert.deepEqual(rows.map(({ setting }) => setting), ['on', 'on', 'on']);
});

test('a server that runs already is adopted; what was written stays, also over kill -9 and stop', { timeout: 60_000 }, async () => {
  const first = await start(false);
  await query(first.url, 'create table t as select 1 as n');
  const second = await start(false);
  assert.deepEqual([second.pid, second.adopted, second.url], [first.pid, true, first.url]);
  process.kill(first.pid, 'SIGKILL');
  await Promise.all([first.exited, second.exited]);
  const third = await start(false);
  assert.notEqual(third.pid, first.pid);
  assert.equal(third.adopted, false);
  assert.deepEqual(await query(third.url, 'select n from t'), [{ n: 1 }]);
  await third.stop();
  assert.deepEqual(await query((await start(false)).url, 'select n from t'), [{ n: 1 }]);
});

test('a server on its way out is waited for', { timeout: 60_000 }, async () => {
  const first = await start();
  process.kill(first.pid, 'SIGINT');
  const second = await start();
  assert.deepEqual(await query(second.url, 'select 1 as n'), [{ n: 1 }]);
});

test('it ends with the process that started it, by an orderly shutdown', { timeout: 60_000 }, async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'postgres.ts'))});
    console.log((await startEmbeddedPostgres(${JSON.stringify(options())})).pid);
    setInterval(() => {}, 1000);`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))));
  parent.kill('SIGKILL');
  await gone(pid);
  assert.equal(existsSync(join(folder, 'postgres/postmaster.pid')), false);
});

test('a start that was killed half way leaves nothing that the next one trusts', { timeout: 60_000 }, async () => {
  mkdirSync(join(folder, 'postgres.making/base'), { recursive: true });
  writeFileSync(join(folder, 'postgres.making/PG_VERSION'), '18\n');
  const { url } = await start();
  assert.deepEqual(await query(url, 'select 1 as n'), [{ n: 1 }]);
  assert.equal(existsSync(join(folder, 'postgres.making')), false);
});

test('a pid file whose number belongs to a stranger by now does not stand in the way, and the stranger lives', { timeout: 60_000 }, async () => {
  const first = await start();
  const pidFile = readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8');
  await first.stop();
  const stranger = spawn('sleep', ['60']);
  try {
    writeFileSync(join(folder, 'postgres/postmaster.pid'), pidFile.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
    const second = await start();
    assert.equal(second.adopted, false);
    assert.equal(stranger.exitCode, null);
  } finally { stranger.kill(); }
});

const refused = (code: EmbeddedPostgresError['code']) => (error: unknown): boolean => error instanceof EmbeddedPostgresError && error.code === code;

test('files of another major version, and files that are no cluster, are refused and left as they are', { timeout: 60_000 }, async () => {
  await (await start()).stop();
  writeFileSync(join(folder, 'postgres/PG_VERSION'), '17\n');
  await assert.rejects(start(), refused('database_version'));
  rmSync(join(folder, 'postgres/PG_VERSION'));
  await assert.rejects(start(), refused('not_a_cluster'));
  assert.ok(existsSync(join(folder, 'postgres/base')));
});

test('no core dump holds its memory', { timeout: 60_000 }, async () => {
  const { pid } = await start();
  assert.match(spawnSync('prlimit', ['--pid', String(pid), '--core', '--noheadings', '--output=SOFT,HARD'], { encoding: 'utf8' }).stdout, /^\s*1\s+1\s*$/);
});
