/** What a damaged archive, a full disk and a foreign hand do: nothing is made of it, and nothing is changed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { BackupError } from '#control/backup/backup-error.ts';
import { verifyArchive } from '#control/backup/verify-archive.ts';
import { emptyDatabase, startDatabase } from '#control/storage/database-under-test.ts';
import type { DatabaseUnderTest } from '#control/storage/database-under-test.ts';
import { requireEmpty } from '#control/storage/load-tables.ts';
import { ask, runBackup } from './backup-under-test.ts';
import type { Ended } from './backup-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-archive-'));
const [data, place, exported, changed] = [join(folder, 'data'), join(folder, 'backup'), join(folder, 'export'), join(folder, 'changed')];
let database: DatabaseUnderTest;
let env: NodeJS.ProcessEnv;
const codeOf = ({ said }: Ended): string | undefined => (said as { error?: { code: string } } | undefined)?.error?.code;
const filesOf = (of: string): string[] => readdirSync(of, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name).slice(of.length + 1)).sort();
const damaged = (error: unknown): boolean => error instanceof BackupError && error.code === 'archive_damaged';

before(async () => {
  database = await startDatabase(undefined);
  env = { DATABASE_URL: database.url };
  mkdirSync(join(data, 'objects/prj_a'), { recursive: true });
  for (const name of ['fil_one', 'fil_two']) writeFileSync(join(data, 'objects/prj_a', name), randomBytes(1_500_000));
  writeFileSync(join(data, 'ca.pem'), 'certificate');
  await database.storage.transact({ kind: 'system', id: 'control' }, async (tx) => {
    await tx.insertInto('projects').values({ id: 'prj_1', name: 'default', created_at: new Date().toISOString(), created_by: 'system' }).execute();
    return { result: undefined, entry: { kind: 'project.created', object: 'prj_1', projectId: 'prj_1', facts: { name: 'default' } } };
  });
  assert.equal((await runBackup('backup', data, place, { env })).code, 0);
  assert.equal((await runBackup('export', data, exported, { env })).code, 0);
}, { timeout: 300_000 });
after(async () => { await database?.stop(); rmSync(folder, { recursive: true, force: true }); });
beforeEach(() => { rmSync(changed, { recursive: true, force: true }); cpSync(place, changed, { recursive: true }); });

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

test('one bit of any file of it', { timeout: 120_000 }, async () => {
  await verifyArchive(changed);
  const files = filesOf(changed);
  assert.ok(files.length > 15);
  for (const name of files) {
    const path = join(changed, name);
    const original = readFileSync(path);
    const places = original.length === 0 ? [] : [0, Math.floor(Math.random() * original.length), original.length - 1];
    for (const at of places) {
      flip(path, at);
      await assert.rejects(verifyArchive(changed), damaged, `${name}, byte ${at}`);
      writeFileSync(path, original);
    }
    if (original.length > 0) { truncateSync(path, original.length - 1); await assert.rejects(verifyArchive(changed), damaged, `${name} cut`); writeFileSync(path, original); }
    appendFileSync(path, ' ');
    await assert.rejects(verifyArchive(changed), damaged, `${name} with a tail`);
    writeFileSync(path, original);
  }
  await verifyArchive(changed);
});

test('a file that is missing, one that nobody put there, and a link in the place of one', { timeout: 60_000 }, async () => {
  const path = join(changed, 'objects/prj_a/fil_one');
  renameSync(path, `${path}-moved`);
  await assert.rejects(verifyArchive(changed), damaged);
  symlinkSync(join(place, 'objects/prj_a/fil_one'), path);
  rmSync(`${path}-moved`);
  await assert.rejects(verifyArchive(changed), damaged);
  rmSync(path);
  cpSync(join(place, 'objects/prj_a/fil_one'), path);
  await verifyArchive(changed);
  writeFileSync(join(changed, 'objects/prj_a/fil_more'), 'x');
  await assert.rejects(verifyArchive(changed), damaged);
  rmSync(join(changed, 'manifest.json'));
  await assert.rejects(verifyArchive(changed), { code: 'not_a_backup' });
});

test('a damaged archive is refused before anything is made', { timeout: 60_000 }, async () => {
  flip(join(changed, 'tables/projects.ndjson'), 5);
  const at = join(folder, 'never');
  assert.equal(codeOf(await runBackup('restore', at, changed)), 'archive_damaged');
  assert.ok(!existsSync(at));
});

test('a path that leads out of the archive is not one', { timeout: 60_000 }, async () => {
  const { writeManifest } = await import('#control/backup/manifest.ts');
  const manifest = JSON.parse(readFileSync(join(changed, 'manifest.json'), 'utf8')) as Parameters<typeof writeManifest>[1];
  for (const path of ['../outside', '/etc/passwd', 'objects/../../outside', 'objects/prj_a/..', 'keys/root.key', 'tables/x/../y.ndjson', 'objects//x', 'objects/.hidden/x']) {
    await writeManifest(changed, { ...manifest, files: [...manifest.files, { path, bytes: 0, sha256: '0'.repeat(64) }] });
    await assert.rejects(verifyArchive(changed), damaged, path);
  }
});

test('a history that does not hold together is refused, though every digest is right', { timeout: 120_000 }, async () => {
  const { writeManifest, digestOf } = await import('#control/backup/manifest.ts');
  const manifest = JSON.parse(readFileSync(join(changed, 'manifest.json'), 'utf8')) as Parameters<typeof writeManifest>[1];
  const path = 'tables/ledger_entries.ndjson';
  const rows = readFileSync(join(changed, path), 'utf8').replace('"actor_id":"control"', '"actor_id":"nobody"');
  writeFileSync(join(changed, path), rows);
  await writeManifest(changed, { ...manifest, files: manifest.files.map((file) => (file.path === path ? { path, bytes: Buffer.byteLength(rows), sha256: digestOf(rows) } : file)) });
  const target = await emptyDatabase(database, undefined);
  try {
    assert.equal(codeOf(await runBackup('restore', join(folder, 'forged'), changed, { env: { DATABASE_URL: target.url } })), 'ledger_broken');
    await requireEmpty(target.url);
  } finally { await target.stop(); }
});

test('an export with a bit changed anywhere, or cut anywhere, is refused, and the database stays empty', { timeout: 120_000 }, async () => {
  const original = readFileSync(exported);
  const file = join(folder, 'changed-export');
  const target = await emptyDatabase(database, undefined);
  const run = async (bytes: Buffer): Promise<string | undefined> => { writeFileSync(file, bytes); return codeOf(await runBackup('import', join(folder, 'none'), file, { env: { DATABASE_URL: target.url } })); };
  try {
    for (let i = 0; i < 6; i++) {
      const bytes = Buffer.from(original);
      const at = Math.floor(Math.random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      assert.match(await run(bytes) ?? '', /^(archive_damaged|not_a_backup)$/, `byte ${at}`);
    }
    for (const end of [0, 10, Math.floor(original.length / 2), original.length - 1]) assert.match(await run(original.subarray(0, end)) ?? '', /^(archive_damaged|not_a_backup)$/, `cut at ${end}`);
    const lines = original.toString().split('\n');
    assert.equal(await run(Buffer.from(lines.toSpliced(2, 1).join('\n'))), 'archive_damaged', 'a row less');
    await requireEmpty(target.url);
    assert.equal(await run(original), undefined);
    assert.deepEqual(await ask(target.url, 'select name from projects'), [{ name: 'default' }]);
  } finally { await target.stop(); }
});

/** Runs with a small disk at `at`, of a namespace of its own. */
function onSmallDisk(at: string, megabytes: number): string[] {
  mkdirSync(at, { recursive: true });
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', `mount -t tmpfs -o size=${megabytes}m none "$0" && "$@"; status=$?; ls -A "$0" >&2; exit $status`, at];
}
const canMount = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' }).status === 0;

test('a full disk: nothing has the name of an archive, and a restore does not start', { timeout: 120_000, skip: canMount ? false : 'this machine does not allow user namespaces' }, async () => {
  const disk = join(folder, 'disk');
  assert.equal(codeOf(await runBackup('backup', data, join(disk, 'backup'), { env, prefix: onSmallDisk(disk, 2) })), 'disk_full');
  const target = await emptyDatabase(database, undefined);
  try {
    assert.equal(codeOf(await runBackup('restore', disk, place, { env: { DATABASE_URL: target.url }, prefix: onSmallDisk(disk, 2) })), 'disk_full');
    await requireEmpty(target.url);
  } finally { await target.stop(); }
});

test('the same place is not used for another installation', { timeout: 60_000 }, async () => {
  const other = await startDatabase(undefined);
  try {
    await other.storage.transact({ kind: 'system', id: 'control' }, () => Promise.resolve({ result: undefined, entry: { kind: 'installation.created', object: 'prj_other', projectId: null, facts: {} } }));
    assert.equal(codeOf(await runBackup('backup', data, changed, { env: { DATABASE_URL: other.url } })), 'other_installation');
    await verifyArchive(changed);
  } finally { await other.stop(); }
});

test('of two backups at once, one is refused, and the other is whole', { timeout: 60_000 }, async () => {
  const both = await Promise.all([1, 2].map(() => runBackup('backup', data, changed, { env })));
  const codes = both.map(codeOf);
  assert.ok(codes.includes(undefined) && codes.every((code) => code === undefined || code === 'backup_running'), codes.join());
  await verifyArchive(changed);
});

test('a link takes no room, and is a whole copy to whoever restores it', { timeout: 60_000 }, async () => {
  const linked = join(folder, 'linked');
  assert.equal((await runBackup('backup', data, linked, { env, more: ['--link'] })).code, 0);
  await verifyArchive(linked);
  rmSync(join(data, 'objects/prj_a/fil_two'));
  await verifyArchive(linked);
});
