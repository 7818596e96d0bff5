/** What is beside an archive and is none is not taken for the program's own, and a link to where archives lie stays one. */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { identifier } from '../identity/identifier.ts';
import { BackupError } from './backup-error.ts';
import { writeManifest } from './manifest.ts';
import { realPlace, settle, swapIn, unfinished } from './place.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mk-place-')));
const place = join(folder, 'archive');
beforeEach(() => { for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true }); });
after(() => rmSync(folder, { recursive: true, force: true }));

async function archive(path: string): Promise<void> {
  mkdirSync(path, { recursive: true });
  await writeManifest(path, {
    format: 'modelkeep/backup/1', id: identifier('bak'), takenAt: '2026-11-26T00:00:00.000Z', version: '0.1.0', schema: '0010-project-deletion', postgres: '17', sequences: [], tables: [], files: [],
    ledger: { log: 'modelkeep/prj_a', entries: 1, head: 'ab'.repeat(32), checkpoint: null, key: null },
  });
}
const notABackup = (path: string) => (error: unknown): boolean => { assert.ok(error instanceof BackupError, String(error)); assert.deepEqual([error.code, error.subject], ['not_a_backup', path]); return true; };

test('a folder of somebody else beside the archive stays, whatever its name is', async () => {
  for (const beside of [`${place}.previous`, unfinished(place)]) {
    await archive(place);
    mkdirSync(beside);
    writeFileSync(join(beside, 'thesis'), 'years of work');
    await assert.rejects(settle(place), notABackup(beside));
    assert.equal(readFileSync(join(beside, 'thesis'), 'utf8'), 'years of work');
    rmSync(beside, { recursive: true });
  }
});

test('what an interrupted run has left, half removed too, is ended', async () => {
  await archive(place);
  mkdirSync(join(`${place}.previous`, 'objects'), { recursive: true });
  mkdirSync(join(unfinished(place), 'tables'), { recursive: true });
  writeFileSync(join(unfinished(place), 'manifest.json.making'), '');
  await settle(place);
  assert.deepEqual([existsSync(place), existsSync(`${place}.previous`)], [true, false]);
});

test('a place that is a link: the archive is where it leads, and the one before goes from there', async () => {
  const disk = join(folder, 'disk');
  await archive(disk);
  writeFileSync(join(disk, 'ca.pem'), 'before');
  symlinkSync(disk, place);
  const real = await realPlace(place);
  assert.equal(real, disk);
  await archive(unfinished(real));
  await swapIn(real);
  assert.ok(lstatSync(place).isSymbolicLink());
  assert.deepEqual(readdirSync(disk).sort(), ['manifest.json', 'manifest.sha256']);
});

test('a place that is not there yet is where its path leads to; a link into a folder that is not there is none', async () => {
  mkdirSync(join(folder, 'disk'));
  symlinkSync(join(folder, 'disk'), join(folder, 'by-link'));
  assert.equal(await realPlace(join(folder, 'by-link/archive')), join(folder, 'disk/archive'));
  symlinkSync('by-link/archive', place);
  assert.equal(await realPlace(place), join(folder, 'disk/archive'), 'between the two renames of a swap');
  rmSync(place);
  symlinkSync(join(folder, 'gone/archive'), place);
  await assert.rejects(realPlace(place), notABackup(join(folder, 'gone/archive')));
});
