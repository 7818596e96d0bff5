/**
 * kill -9 of a backup and of a restore at random moments: there is a whole archive or a visibly unfinished one, and a restored installation or a folder that does not start;
 * the same command again ends it. MODELKEEP_FAULT_ROUNDS (default 3) kills of each.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { verifyArchive } from '#control/backup/verify-archive.ts';
import { startDatabase } from '#control/storage/database-under-test.ts';
import type { DatabaseUnderTest } from '#control/storage/database-under-test.ts';
import { startEmbeddedPostgres } from '#control/storage/embedded-postgres/postgres.ts';
import { command, freePort, project } from '../installation.ts';
import { ask, runBackup, runOf } from './backup-under-test.ts';
import type { Ended } from './backup-under-test.ts';

const rounds = Number(process.env['MODELKEEP_FAULT_ROUNDS'] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'mk-backup-kill-'));
const data = join(folder, 'data');
const place = join(folder, 'backup');
let database: DatabaseUnderTest;
let env: NodeJS.ProcessEnv;
/** Milliseconds that a whole run takes here and now: kills fall anywhere in it. */
let whole = 0;

const timed = async (work: () => Promise<Ended>): Promise<Ended> => { const start = performance.now(); const ended = await work(); whole = performance.now() - start; return ended; };
const anyMoment = (): number => 50 + Math.random() * whole * 1.05;
let made = 0;
function addObjects(count: number): void {
  mkdirSync(join(data, 'objects/prj_a'), { recursive: true });
  for (let i = 0; i < count; i++) writeFileSync(join(data, `objects/prj_a/fil_${made++}`), randomBytes(200_000 + Math.floor(Math.random() * 400_000)));
}
const objects = (of: string): string[] => { try { return readdirSync(join(of, 'objects/prj_a')).sort(); } catch { return []; } };

before(async () => {
  database = await startDatabase(undefined);
  env = { DATABASE_URL: database.url };
  addObjects(60);
  writeFileSync(join(data, 'ca.pem'), 'certificate');
  await database.statement(`insert into usage_records select 'req_' || n, 'prj_1', 'dep_1', 'd', 'r', 'o', 'complete', now(), n, 0, n from generate_series(1, 60000) n`);
  await database.storage.transact({ kind: 'system', id: 'control' }, () => Promise.resolve({ result: undefined, entries: Array.from({ length: 2000 }, (_, i) => ({ kind: 'token.created' as const, object: `tok_${i}`, projectId: null, facts: { name: `t-${i}` } })) }));
}, { timeout: 300_000 });
after(async () => { await database?.stop(); rmSync(folder, { recursive: true, force: true }); });

test('kill -9 of a backup: the archive before is whole until the new one is', { timeout: 120_000 + rounds * 60_000 }, async (t) => {
  assert.equal((await timed(() => runBackup('backup', data, place, { env }))).code, 0);
  let killed = 0;
  for (let round = 0; round < rounds; round++) {
    const before = objects(data);
    addObjects(10);
    rmSync(join(data, 'objects/prj_a', before[0] ?? ''));
    const ended = await runBackup('backup', data, place, { env, killAfterMs: anyMoment() });
    if (ended.signal === 'SIGKILL') killed++;
    const standing = [place, `${place}.previous`].filter((each) => existsSync(join(each, 'manifest.json')));
    assert.ok(standing.length > 0, 'there is a whole archive');
    for (const each of standing) await verifyArchive(each);
    const again = await runBackup('backup', data, place, { env });
    assert.equal(again.code, 0, JSON.stringify(again.said));
    assert.deepEqual(objects(place), objects(data));
    await verifyArchive(place);
    assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith('backup')), ['backup'], 'nothing is left beside it');
  }
  t.diagnostic(`${killed} of ${rounds} killed before their end`);
});

const upOn = async (at: string): Promise<{ code: number; stderr: string }> => await command(process.execPath, [join(project, 'bin/modelkeep.mjs'), 'up', '--data', at, '--port', String(await freePort())], { DATABASE_URL: '' });

test('kill -9 of a restore: what it leaves does not start, and the same command again completes it', { timeout: 180_000 + rounds * 120_000 }, async (t) => {
  const same = async (at: string): Promise<void> => {
    assert.deepEqual(objects(at), objects(place));
    for (const name of objects(at)) assert.ok(readFileSync(join(at, 'objects/prj_a', name)).equals(readFileSync(join(place, 'objects/prj_a', name))), name);
    const server = await startEmbeddedPostgres({ dataFolder: join(at, 'postgres'), runFolder: runOf(at) });
    try {
      const [counted] = await ask(server.url, `select (select count(*)::int from usage_records) usage, (select count(*)::int from ledger_entries where kind = 'token.created') tokens, (select count(*)::int from ledger_entries where kind = 'installation.restored') restored`);
      assert.deepEqual(counted, { usage: 60_000, tokens: 2000, restored: 1 });
    } finally { await server.stop(); }
  };
  const first = join(folder, 'first');
  assert.equal((await timed(() => runBackup('restore', first, place))).code, 0);
  await same(first);
  let [killed, refused] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const at = join(folder, `restored-${round}`);
    for (let kill = 0; kill < 2; kill++) {
      const ended = await runBackup('restore', at, place, { killAfterMs: anyMoment() });
      if (ended.signal !== 'SIGKILL') break;
      killed++;
      if (!existsSync(join(at, 'restoring'))) continue;
      refused++;
      const up = await upOn(at);
      assert.equal(up.code, 2, up.stderr);
      assert.match(up.stderr, /restore into .* is not complete/);
    }
    if (existsSync(join(at, 'restoring')) || !existsSync(join(at, 'postgres'))) {
      const again = await runBackup('restore', at, place);
      assert.equal(again.code, 0, JSON.stringify(again.said));
    }
    assert.ok(!existsSync(join(at, 'restoring')));
    await same(at);
    assert.equal((await runBackup('restore', at, place)).said?.['error'] !== undefined, true, 'what is whole is not restored over');
    rmSync(at, { recursive: true });
  }
  t.diagnostic(`${killed} kills, ${refused} of them in the middle`);
});

test('kill -9 while keys are restored: there are all of them or none', { timeout: 120_000 + rounds * 30_000 }, async (t) => {
  const keys = join(folder, 'with-keys/keys');
  mkdirSync(join(keys, 'data'), { recursive: true });
  for (const name of ['root.key', 'ca.key', 'ca.pem', ...Array.from({ length: 400 }, (_, i) => `data/fil_${i}`)]) writeFileSync(join(keys, name), randomBytes(64), { mode: 0o400 });
  const file = join(folder, 'keys-file');
  const run = async (task: 'backup' | 'restore', at: string, killAfterMs?: number): Promise<NodeJS.Signals | null> => {
    const child = spawn(process.execPath, ['--no-warnings', join(project, 'holds-keys/key-backup/main.ts'), task, '--data', at, '--file', file], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.on('error', () => undefined).end('correct horse battery staple\n');
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    const [code, signal] = await ended;
    assert.ok(code === 0 || signal === 'SIGKILL', String(code));
    return signal;
  };
  await run('backup', join(folder, 'with-keys'));
  const start = performance.now();
  await run('restore', join(folder, 'keys-whole'));
  const took = performance.now() - start;
  let killed = 0;
  for (let round = 0; round < rounds; round++) {
    const at = join(folder, `keys-${round}`);
    if (await run('restore', at, took * (0.5 + Math.random() * 0.6)) === 'SIGKILL') killed++;
    if (!existsSync(join(at, 'keys'))) await run('restore', at);
    assert.deepEqual(readdirSync(join(at, 'keys'), { recursive: true }).sort(), readdirSync(keys, { recursive: true }).sort());
    assert.ok(readFileSync(join(at, 'keys/root.key')).equals(readFileSync(join(keys, 'root.key'))));
  }
  t.diagnostic(`${killed} of ${rounds} killed before their end`);
});

test('a restore that another archive began is not mixed with this one', { timeout: 180_000 }, async () => {
  const [at, other] = [join(folder, 'mixed'), join(folder, 'other')];
  addObjects(1);
  assert.equal((await runBackup('backup', data, other, { env })).code, 0);
  for (;;) {
    await runBackup('restore', at, place, { killAfterMs: anyMoment() });
    if (existsSync(join(at, 'restoring'))) break;
    rmSync(at, { recursive: true, force: true });
  }
  assert.equal(((await runBackup('restore', at, other)).said as { error: { code: string } }).error.code, 'other_restore');
  assert.equal((await runBackup('restore', at, place)).code, 0);
});
