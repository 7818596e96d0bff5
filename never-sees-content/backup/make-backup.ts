/** Makes an archive of an installation, which may go on working: the tables of one moment, then the sealed files, which do not change. */
import { mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { identifier } from '../identity/identifier.ts';
import { readTables } from '../storage/read-tables.ts';
import type { TableSnapshot } from '../storage/read-tables.ts';
import { BackupError } from './backup-error.ts';
import { copyObjects, sealedPaths, withoutDeleted } from './copy-objects.ts';
import type { Copied } from './copy-objects.ts';
import { describeDatabase } from './describe-database.ts';
import { copyFile, writeFile } from './files.ts';
import { holdForBackup } from './hold-folder.ts';
import { digestName, installationOf, manifestName, readManifest, writeManifest } from './manifest.ts';
import type { Manifest, Origin } from './manifest.ts';
import { realPlace, settle, swapIn, unfinished } from './place.ts';
import { Step } from './progress.ts';

export interface BackupOptions { databaseUrl: string; dataFolder: string; place: string; models: boolean; link: boolean; /** Tells the ledger, before the archive has its name. */ record: (made: MadeBackup) => Promise<boolean> }
export interface BackupResult { id: string; place: string; takenAt: string; objects: number; bytes: number; rows: number; digest: string; ledgerEntries: number; /** Whether the ledger has it. */ recorded: boolean }

/** @throws BackupError */
export async function makeBackup({ databaseUrl, dataFolder, place: asked, models, link, record }: BackupOptions): Promise<BackupResult> {
  await mkdir(dirname(asked), { recursive: true, mode: 0o700 });
  const place = await realPlace(asked);
  await holdForBackup(existsSync(dataFolder) ? dataFolder : dirname(place));
  await settle(place);
  const older = await readManifest(place);
  const to = unfinished(place);
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of [manifestName, digestName, 'tables', dataLayout.authority]) await rm(join(to, name), { recursive: true, force: true });
  const whole = new Set(await sealedPaths(dataFolder));
  const { origin, tables, files } = await readTables(databaseUrl, async (snapshot) => {
    for (const path of await pathsInTables(snapshot)) whole.add(path);
    return await copyTables(snapshot, to, older?.manifest);
  });
  const authority = join(dataFolder, dataLayout.authority);
  // By it a restored installation knows that it had keys, and starts with no others.
  if (existsSync(authority)) files.push({ path: dataLayout.authority, ...await copyFile(authority, join(to, dataLayout.authority), () => undefined) });
  const objects = await copyObjects({ from: dataFolder, to, models, link, known: (path) => whole.has(path), before: older && { folder: place, manifest: older.manifest } });
  const entered = await enter({ from: dataFolder, to, place, origin, tables, files, objects, record });
  await swapIn(place);
  return { ...entered, place, takenAt: origin.takenAt, rows: tables.reduce((rows, table) => rows + table.rows, 0), ledgerEntries: origin.ledger.entries };
}

/** Their rows come before their bytes. */
async function pathsInTables({ tables, db }: TableSnapshot): Promise<string[]> {
  if (!tables.includes('objects')) return [];
  return (await db.selectFrom('objects').select(['project_id', 'id']).execute()).map(({ project_id, id }) => `${project_id}/${id}`);
}

interface Archive { from: string; to: string; place: string; origin: Origin; tables: Manifest['tables']; files: Copied[]; objects: Copied[]; record: BackupOptions['record'] }

/**
 * Tells the ledger what the archive has. A deletion that ended before that did not know of it, so what is gone by then goes here too; and it is told anew, under another id, until
 * nothing was deleted meanwhile.
 */
export async function enter({ from, to, place, origin, tables, files, objects, record }: Archive): Promise<Pick<BackupResult, 'id' | 'objects' | 'bytes' | 'digest' | 'recorded'>> {
  let there = await withoutDeleted({ from, to }, objects);
  for (let { id } = origin; ; id = identifier('bak')) {
    const all = [...files, ...there];
    const digest = `sha256:${await writeManifest(to, { format: 'modelkeep/backup/1', ...origin, id, tables, files: all })}`;
    const sum = { id, objects: there.length, bytes: all.reduce((bytes, file) => bytes + file.bytes, 0), digest };
    const recorded = await record({ ...sum, kind: 'data', takenAt: origin.takenAt, place });
    const still = await withoutDeleted({ from, to }, there);
    if (still.length === there.length) return { ...sum, recorded };
    there = still;
  }
}

async function copyTables(snapshot: TableSnapshot, to: string, older: Manifest | undefined): Promise<{ origin: Origin; tables: Manifest['tables']; files: Copied[] }> {
  const origin = await describeDatabase(snapshot);
  if (older && installationOf(older) !== installationOf(origin)) throw new BackupError('other_installation');
  const step = new Step('database', snapshot.tables.length);
  const tables: Manifest['tables'] = [];
  const files: Copied[] = [];
  for (const name of snapshot.tables) {
    const path = `tables/${name}.ndjson`;
    let rows = 0;
    const measured = await writeFile(join(to, path), async (file) => {
      for await (const lines of snapshot.rows(name)) { rows += lines.length; await file.write(`${lines.join('\n')}\n`); }
    });
    tables.push({ name, rows });
    files.push({ path, ...measured });
    step.add(1);
  }
  return { origin, tables, files };
}
