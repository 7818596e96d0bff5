/** Makes an archive of an installation, which may go on working: the tables of one moment, then the sealed files, which do not change. */
import { mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { readTables } from '../storage/read-tables.ts';
import type { TableSnapshot } from '../storage/read-tables.ts';
import { BackupError } from './backup-error.ts';
import { copyObjects } from './copy-objects.ts';
import type { Copied } from './copy-objects.ts';
import { describeDatabase } from './describe-database.ts';
import { copyFile, writeFile } from './files.ts';
import { holdForBackup } from './hold-folder.ts';
import { digestName, installationOf, manifestName, readManifest, writeManifest } from './manifest.ts';
import type { Manifest, Origin } from './manifest.ts';
import { settle, swapIn, unfinished } from './place.ts';
import { Step } from './progress.ts';

export interface BackupOptions { databaseUrl: string; dataFolder: string; place: string; models: boolean; link: boolean; /** Tells the ledger, before the archive has its name. */ record: (made: MadeBackup) => Promise<boolean> }
export interface BackupResult { id: string; place: string; takenAt: string; objects: number; bytes: number; rows: number; digest: string; ledgerEntries: number; /** Whether the ledger has it. */ recorded: boolean }

/** @throws BackupError */
export async function makeBackup({ databaseUrl, dataFolder, place, models, link, record }: BackupOptions): Promise<BackupResult> {
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  await holdForBackup(existsSync(dataFolder) ? dataFolder : dirname(place));
  await settle(place);
  const older = await readManifest(place);
  const to = unfinished(place);
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of [manifestName, digestName, 'tables', dataLayout.authority]) await rm(join(to, name), { recursive: true, force: true });
  const { origin, tables, files } = await readTables(databaseUrl, async (snapshot) => await copyTables(snapshot, to, older?.manifest));
  const authority = join(dataFolder, dataLayout.authority);
  // By it a restored installation knows that it had keys, and starts with no others.
  if (existsSync(authority)) files.push({ path: dataLayout.authority, ...await copyFile(authority, join(to, dataLayout.authority), () => undefined) });
  const objects = await copyObjects({ from: dataFolder, to, models, link, before: older && { folder: place, manifest: older.manifest } });
  const all = [...files, ...objects];
  const digest = await writeManifest(to, { format: 'modelkeep/backup/1', ...origin, tables, files: all });
  const sum = { objects: objects.length, bytes: all.reduce((bytes, file) => bytes + file.bytes, 0), digest: `sha256:${digest}` };
  const recorded = await record({ id: origin.id, kind: 'data', takenAt: origin.takenAt, place, ...sum });
  await swapIn(place);
  return { id: origin.id, place, takenAt: origin.takenAt, ...sum, rows: tables.reduce((rows, table) => rows + table.rows, 0), ledgerEntries: origin.ledger.entries, recorded };
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
