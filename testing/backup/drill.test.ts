/** The restore drill of docs/backup.md: a working installation is backed up, restored beside itself with its keys, and is the same to everybody who used it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { startDatabase, emptyDatabase } from '#control/storage/database-under-test.ts';
import type { DatabaseUnderTest } from '#control/storage/database-under-test.ts';
import { checkChain } from '#control/ledger/check-chain.ts';
import { Storage } from '#control/storage/storage.ts';
import { command, Installation, project } from '../installation.ts';
import { deploy } from '../models.ts';
import type { Deployed } from '../models.ts';
import { NullEngine } from '../null-engine/process.ts';
import { ask, embedded } from './backup-under-test.ts';

const model = 'smollm2-135m-instruct';
const folder = mkdtempSync(join(tmpdir(), 'mk-drill-'));
const place = join(folder, 'backup');
const keyFile = join(folder, 'keys');
const passphrase = join(folder, 'passphrase');
let installation: Installation;
let restored: Installation;
let engine: NullEngine;
let database: DatabaseUnderTest;
let at: Deployed;
let token: string;
let administrator: string;
/** Of the log before: a checkpoint and its key, as somebody kept them. */
const kept = { checkpoint: join(folder, 'kept-checkpoint'), key: join(folder, 'kept-key'), receipt: join(folder, 'receipt.json'), deletion: join(folder, 'deletion.json') };

async function chat(origin: string): Promise<{ status: number; id: string }> {
  const answer = await request(`${origin}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${at.primaryKey}`, 'content-type': 'application/json' }, body: JSON.stringify({ model: at.name, messages: [{ role: 'user', content: 'hi' }] }) });
  await answer.body.dump();
  return { status: answer.statusCode, id: String(answer.headers['x-request-id']) };
}
const text = async (origin: string, path: string): Promise<string> => await (await fetch(`${origin}${path}`)).text();
const verify = async (...args: string[]): Promise<{ code: number; stdout: string }> => await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), ...args, '--json']);
/** Counts of what a restore must bring back. */
const counts = 'select (select count(*) from projects) projects, (select count(*) from credentials) credentials, (select count(*) from usage_records) usage, (select count(*) from deployments) deployments, (select count(*) from accounts) accounts, (select count(*) from model_versions) models';

before(async () => {
  writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 });
  installation = await Installation.start();
  engine = await NullEngine.start({ tokens: 4, intervalMs: 0 });
  database = await startDatabase(undefined);
  await installation.json('engines', 'add', 'null', '--url', engine.url, '--model', model);
  at = await deploy(installation, model, 'asked', '--engine', 'null');
  ({ token } = await installation.json<{ token: string }>('tokens', 'create', 'kept'));
  administrator = /mk-ad-[\w-]{43}/.exec(installation.output)?.[0] ?? '';
  await installation.json('projects', 'create', 'second');
  await installation.json('people', 'add', 'anna', 'administrator');
  const gone = await deploy(installation, model, 'gone', '--engine', 'null');
  const { id: goneId } = await installation.json<{ id: string }>('deployments', 'show', gone.name);
  await installation.json('deployments', 'delete', gone.name);
  assert.equal((await installation.cli('ledger', 'deletion', goneId, '-o', kept.deletion)).code, 0);
  for (let i = 0; i < 20; i++) assert.equal((await chat(installation.origin)).status, 200);
  mkdirSync(join(installation.data, 'objects/prj_a'), { recursive: true });
  for (const name of ['one', 'two', 'three']) writeFileSync(join(installation.data, 'objects/prj_a', `fil_${name}`), randomBytes(100_000));
  writeFileSync(join(installation.data, 'objects/prj_a/fil_four.part'), 'under way');
}, { timeout: 600_000 });
after(async () => {
  await installation?.remove();
  await restored?.remove();
  await engine?.stop();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Backup { id: string; objects: number; rows: number; digest: string; recorded: boolean; ledgerEntries: number }

test('a backup while it works, told to the ledger; again, it takes the new files only', { timeout: 600_000 }, async () => {
  let working = true;
  const load = (async () => { while (working) assert.equal((await chat(installation.origin)).status, 200); })();
  const made = await installation.json<Backup>('backup', place);
  working = false;
  await load;
  assert.equal(made.objects, 3);
  assert.equal(made.recorded, true);
  assert.ok(!existsSync(`${place}.unfinished`) && !existsSync(join(place, 'objects/prj_a/fil_four.part')));
  rmSync(join(installation.data, 'objects/prj_a/fil_two'));
  writeFileSync(join(installation.data, 'objects/prj_a/fil_four'), 'whole');
  const again = await installation.json<Backup>('backup', place);
  assert.deepEqual(readdirSync(join(place, 'objects/prj_a')).sort(), ['fil_four', 'fil_one', 'fil_three'], 'a copy of what is deleted does not stay');
  const { data } = await installation.json<{ data: { id: string; digest: string; kind: string; place: string }[] }>('backups', 'list');
  assert.deepEqual(data.map(({ id, digest, kind, place: written }) => [id, digest, kind, written]), [again, made].map(({ id, digest }) => [id, digest, 'data', place]));
  const { data: entries } = await installation.json<{ data: { object: string; facts: Record<string, unknown>; opening: { facts: object } }[] }>('ledger', 'list', '--all', '--kind', 'backup.recorded');
  assert.deepEqual(entries.map(({ object, facts }) => [object, facts['backupDigest']]), [again, made].map(({ id, digest }) => [id, digest]));
  assert.deepEqual(entries[0]?.opening.facts, { place }, 'where it lies is not published');
});

test('the keys apart, under a passphrase', { timeout: 600_000 }, async () => {
  const made = await installation.json<{ recorded: boolean; id: string }>('backup-keys', keyFile, '--passphrase-file', passphrase);
  assert.equal(made.recorded, true);
  const { data } = await installation.json<{ data: { id: string; kind: string }[] }>('backups', 'list');
  assert.deepEqual([data[0]?.id, data[0]?.kind], [made.id, 'keys']);
  const refused = async (...args: string[]): Promise<string> => (JSON.parse((await installation.cli('backup-keys', ...args, '--json')).stdout) as { error: { code: string } }).error.code;
  assert.equal(await refused(keyFile, '--passphrase-file', passphrase), 'exists');
  writeFileSync(join(folder, 'open'), 'correct horse battery staple\n', { mode: 0o644 });
  assert.equal(await refused(join(folder, 'other'), '--passphrase-file', join(folder, 'open')), 'usage');
  writeFileSync(join(folder, 'short'), 'short\n', { mode: 0o600 });
  assert.equal(await refused(join(folder, 'other'), '--passphrase-file', join(folder, 'short')), 'passphrase_short');
});

test('no secret is in the backup, and nothing of the keys', () => {
  const root = readFileSync(join(installation.data, 'keys/root.key'));
  const authority = readFileSync(join(installation.data, 'keys/ca.key'), 'utf8').split('\n')[1] ?? '';
  const secrets = [root, Buffer.from(root.toString('hex')), Buffer.from(root.toString('base64')), ...[authority, token, administrator, at.primaryKey, at.secondaryKey].map((secret) => Buffer.from(secret))];
  assert.ok(secrets.every((secret) => secret.length > 20));
  const archives = [keyFile, ...readdirSync(place, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))];
  assert.ok(archives.length > 15);
  for (const path of archives) for (const secret of secrets) assert.ok(!readFileSync(path).includes(secret), path);
  assert.deepEqual(readdirSync(place).sort(), ['ca.pem', 'manifest.json', 'manifest.sha256', 'objects', 'tables']);
  assert.ok(!readdirSync(join(place, 'tables')).some((name) => /sessions|session_uses|sign_in_links/.test(name)), 'nobody stays signed in');
});

test('restored on another data folder, with its keys, it is the same to everybody who used it', { timeout: 600_000 }, async () => {
  const { id } = await chat(installation.origin);
  for (let i = 0; i < 100; i++) {
    if ((await installation.cli('receipts', 'get', id, '--key', at.primaryKey, '-o', kept.receipt)).code === 0 && (JSON.parse(readFileSync(kept.receipt, 'utf8')) as { ledger: unknown }).ledger !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await installation.json('backup', place);
  const before = await ask(embedded(installation.run), counts);
  writeFileSync(kept.checkpoint, await text(installation.origin, '/ledger/checkpoint'));
  writeFileSync(kept.key, await text(installation.origin, '/ledger/key'));
  const data = join(folder, 'restored');
  const target = new Installation({ data }, installation.port);
  const outcome = await target.json<{ keys: boolean; objects: number; modelsToPull: string[] }>('restore', place);
  assert.deepEqual([outcome.keys, outcome.objects], [false, 3]);
  const early = await command(process.execPath, [join(project, 'bin/modelkeep.mjs'), 'up', '--data', data, '--port', String(installation.port)]);
  assert.equal(early.code, 1, 'it does not start without its keys, and makes no others');
  assert.match(early.stderr, /key files .* missing/);
  await target.json('restore-keys', keyFile, '--passphrase-file', passphrase);
  await installation.stop();
  restored = target;
  await restored.up();

  assert.deepEqual(await ask(embedded(restored.run), counts), before);
  for (const name of ['one', 'three', 'four']) assert.deepEqual(readFileSync(join(data, `objects/prj_a/fil_${name}`)), readFileSync(join(installation.data, `objects/prj_a/fil_${name}`)));
  for (const [path, credential] of [['/api/tokens', token], ['/api/people', administrator]] as const) assert.equal((await request(`${restored.origin}${path}`, { headers: { authorization: `Bearer ${credential}` } })).statusCode, 200, path);
  assert.equal((await chat(restored.origin)).status, 200, 'the key of the endpoint is known');
  assert.deepEqual((await restored.json<{ data: { name: string }[] }>('projects', 'list')).data.map(({ name }) => name).sort(), ['default', 'second']);
  const opened = await Storage.open(embedded(restored.run), { migrate: false });
  try { assert.equal((await opened.read(checkChain)).ok, true); } finally { await opened.close(); }
});

test('its ledger is a log of its own, which begins with the old one and says so', { timeout: 600_000 }, async () => {
  const [newest, key] = [join(folder, 'newest'), join(folder, 'key')];
  writeFileSync(newest, await text(restored.origin, '/ledger/checkpoint'));
  writeFileSync(key, await text(restored.origin, '/ledger/key'));
  const [oldName, newName] = [kept.checkpoint, newest].map((path) => readFileSync(path, 'utf8').split('\n')[0] ?? '');
  assert.match(newName ?? '', new RegExp(`^${oldName ?? ''}/rst_[0-9a-z]{26}$`));
  const { data } = await restored.json<{ data: { facts: Record<string, unknown> }[] }>('ledger', 'list', '--all', '--kind', 'installation.restored');
  assert.equal(data[0]?.facts['restoredFrom'], oldName);
  // A checkpoint of the moment of the backup: the kept one may cover entries that came a moment later.
  const archived = JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')) as { ledger: { checkpoint: string; key: string } };
  const [atBackup, keyAtBackup] = [join(folder, 'at-backup'), join(folder, 'key-at-backup')];
  writeFileSync(atBackup, archived.ledger.checkpoint);
  writeFileSync(keyAtBackup, archived.ledger.key);
  const holds = await verify('checkpoint', atBackup, newest, '--key', key, '--old-key', keyAtBackup, '--ledger', `${restored.origin}/ledger`);
  assert.equal(holds.code, 0, holds.stdout);
  assert.equal((await verify('checkpoint', atBackup, newest, '--key', key, '--ledger', `${restored.origin}/ledger`)).code, 1, 'it is not passed off as the old one');
  for (const [what, file] of [['receipt', kept.receipt], ['deletion', kept.deletion]] as const) {
    const verdict = await verify(what, file, '--key', kept.key);
    assert.equal(verdict.code, 0, `${what} of the old log: ${verdict.stdout}`);
  }
  const later = await restored.json<{ entry: object; checkpoint: string }>('ledger', 'export');
  assert.equal(later.checkpoint.split('\n')[0], newName);
});

test('what was entered after the backup and is lost by the restore is shown by a checkpoint that somebody kept', { timeout: 600_000 }, async () => {
  const later = join(folder, 'later');
  await restored.json('tokens', 'create', 'after');
  await restored.json('backup', join(folder, 'second'));
  for (const name of ['lost-1', 'lost-2', 'lost-3']) await restored.json('tokens', 'create', name);
  for (let i = 0; i < 50; i++) {
    writeFileSync(later, await text(restored.origin, '/ledger/checkpoint'));
    if (Number(readFileSync(later, 'utf8').split('\n')[1]) >= Number((await ask(embedded(restored.run), 'select seq from ledger_head'))[0]?.['seq'])) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const laterKey = join(folder, 'later-key');
  writeFileSync(laterKey, await text(restored.origin, '/ledger/key'));
  const third = new Installation({ data: join(folder, 'third') }, restored.port);
  await third.json('restore', join(folder, 'second'));
  await third.json('restore-keys', keyFile, '--passphrase-file', passphrase);
  await restored.stop();
  try {
    await third.up();
    for (let i = 0; i < 8; i++) await third.json('tokens', 'create', `new-${i}`);
    const newest = join(folder, 'third-newest');
    writeFileSync(newest, await text(third.origin, '/ledger/checkpoint'));
    const verdict = await verify('checkpoint', later, newest, '--old-key', laterKey, '--ledger', `${third.origin}/ledger`);
    assert.match(verdict.stdout, /not_consistent|size_shrank/);
    assert.match(readFileSync(newest, 'utf8'), /^modelkeep\/prj_[0-9a-z]{26}\/rst_[0-9a-z]{26}\n/, 'a restore of a restored one has one name of its own');
  } finally { await third.remove(); }
});

test('the move from the embedded database to another one: export, import, and it goes on there', { timeout: 600_000 }, async () => {
  const target = await emptyDatabase(database, process.env['MODELKEEP_TEST_DATABASE_URL']);
  const file = join(folder, 'export');
  try {
    // It does not run: nothing is entered after the copy.
    const made = await installation.json<{ rows: number }>('export', file);
    const before = await installation.json<{ rows: number; modelsToPull: string[] }>('export', join(folder, 'same'));
    assert.equal(before.rows, made.rows);
    const moved = new Installation({ data: installation.data, env: { DATABASE_URL: target.url } }, installation.port);
    assert.deepEqual((await moved.json<{ rows: number; modelsToPull: string[] }>('import', file)).rows, made.rows);
    const again = await moved.cli('import', file, '--json');
    assert.deepEqual([again.code, (JSON.parse(again.stdout) as { error: { code: string } }).error.code], [6, 'database_not_empty']);
    await moved.up();
    try {
      assert.equal((await chat(moved.origin)).status, 200);
      assert.equal((await request(`${moved.origin}/api/tokens`, { headers: { authorization: `Bearer ${token}` } })).statusCode, 200);
      assert.deepEqual((await moved.json<{ database: string }>('config')).database.startsWith('postgresql:'), true);
      assert.equal((await moved.json<Backup>('backup', join(folder, 'external'))).recorded, true);
    } finally { await moved.stop(); }
  } finally { await target.stop(); }
});

test('backed up while it does not run, it is in the ledger all the same', { timeout: 600_000 }, async () => {
  const made = await restored.json<Backup>('backup', join(folder, 'cold'));
  assert.equal(made.recorded, true);
  await restored.up();
  const { data } = await restored.json<{ data: { id: string }[] }>('backups', 'list');
  assert.equal(data[0]?.id, made.id);
});

test('what cannot be restored into is left alone', { timeout: 600_000 }, async () => {
  const code = async (data: string, ...args: string[]): Promise<string> => (JSON.parse((await new Installation({ data }, 1).cli(...args, '--json')).stdout) as { error: { code: string } }).error.code;
  assert.equal(await code(restored.data, 'restore', place), 'not_empty');
  mkdirSync(join(folder, 'something'));
  writeFileSync(join(folder, 'something/file'), '');
  assert.equal(await code(join(folder, 'something'), 'restore', place), 'not_empty');
  assert.equal(await code(join(folder, 'fresh'), 'restore', join(folder, 'something')), 'not_a_backup');
  assert.equal(await code(restored.data, 'restore-keys', keyFile, '--passphrase-file', passphrase), 'not_empty');
  const { message } = (JSON.parse((await new Installation({ data: join(folder, 'fresh') }, 1).cli('restore-keys', join(folder, 'none.keys'), '--passphrase-file', passphrase, '--json')).stdout) as { error: { message: string } }).error;
  assert.match(message, /none\.keys cannot be read/);
  assert.equal(await code(restored.data, 'backup', join(folder, 'something')), 'not_a_backup');
  assert.ok(!existsSync(join(folder, 'fresh')));
});
