/** What is deleted while a backup is made is in no archive of which its certificate says nothing. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, after, test } from 'node:test';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { identifier } from '../identity/identifier.ts';
import { copyObjects } from './copy-objects.ts';
import { enter } from './make-backup.ts';
import type { Origin } from './manifest.ts';
import { verifyArchive } from './verify-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-make-backup-'));
const [from, to] = [join(folder, 'data'), join(folder, 'archive')];
const paths = ['prj_a/obj_1', 'prj_a/obj_2', 'prj_b/obj_3'];
const origin: Origin = {
  id: identifier('bak'), takenAt: '2026-11-26T00:00:00.000Z', version: '0.1.0', schema: '0010-project-deletion', postgres: '17', sequences: [],
  ledger: { log: 'modelkeep/prj_a', entries: 1, head: 'ab'.repeat(32), checkpoint: null, key: null },
};
beforeEach(() => {
  for (const each of [from, to]) rmSync(each, { recursive: true, force: true });
  for (const path of paths) { mkdirSync(join(from, 'objects', path, '..'), { recursive: true }); writeFileSync(join(from, 'objects', path), path); }
  mkdirSync(to);
});
after(() => rmSync(folder, { recursive: true, force: true }));
const remove = (path: string): void => rmSync(join(from, 'objects', path));

test('after it was copied, and again while the ledger is told: it is told anew of what the archive has then', async () => {
  const objects = await copyObjects({ from, to, models: false, link: false, known: () => true, before: undefined });
  const told: MadeBackup[] = [];
  remove('prj_a/obj_1');
  const record = async (made: MadeBackup): Promise<boolean> => { if (told.push(made) === 1) remove('prj_b/obj_3'); return await Promise.resolve(true); };
  const entered = await enter({ from, to, place: to, origin, tables: [], files: [], objects, record });
  assert.deepEqual(told.map(({ objects: count }) => count), [2, 1]);
  assert.equal(new Set(told.map(({ id }) => id)).size, 2);
  assert.deepEqual(paths.filter((path) => existsSync(join(to, 'objects', path))), ['prj_a/obj_2']);
  const { manifest, digest } = await verifyArchive(to);
  assert.deepEqual([manifest.id, `sha256:${digest}`], [told[1]?.id, told[1]?.digest]);
  assert.deepEqual(entered, { id: told[1]?.id, objects: 1, bytes: told[1]?.bytes, digest: told[1]?.digest, recorded: true });
});

test('one that came after the moment of the tables is left out', async () => {
  const copied = await copyObjects({ from, to, models: false, link: false, known: (path) => path !== 'prj_a/obj_2', before: undefined });
  assert.deepEqual(copied.map(({ path }) => path), ['objects/prj_a/obj_1', 'objects/prj_b/obj_3']);
  assert.ok(!existsSync(join(to, 'objects/prj_a/obj_2')));
});
