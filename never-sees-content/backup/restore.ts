/**
 * Makes an installation from an archive: in a data folder that has nothing but, perhaps, its keys. The mark comes first and goes last; the database is one transaction, the files are
 * each whole or not there, so whatever stops it leaves a folder that does not start and that the same restore completes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { identifier } from '../identity/identifier.ts';
import { loadTables, requireEmpty } from '../storage/load-tables.ts';
import { withConnection } from '../storage/one-connection.ts';
import { BackupError } from './backup-error.ts';
import { beginNewLog } from './begin-new-log.ts';
import type { Loaded, Restored } from './begin-new-log.ts';
import { copyFile, measure } from './files.ts';
import type { Measured } from './files.ts';
import { holdFolder, withEmbedded } from './hold-folder.ts';
import { linesOf } from './lines.ts';
import type { Manifest } from './manifest.ts';
import { Step } from './progress.ts';
import { readMark, removeMark, setMark } from './restore-mark.ts';
import type { Mark } from './restore-mark.ts';
import { verifyArchive } from './verify-archive.ts';

export interface RestoreOptions { place: string; dataFolder: string; runFolder: string; databaseUrl: string | undefined }
export interface RestoreResult extends Restored { id: string; takenAt: string; data: string; objects: number; rows: number; /** Whether the data folder has a folder of keys. */ keys: boolean }

/** What may be there before: the keys, which are restored apart, and public files. */
const mayBeThere = new Set<string>([dataLayout.keys, dataLayout.authority, dataLayout.models, dataLayout.lock, `${dataLayout.restoring}.making`, 'keys.restoring', 'run', 'lost+found']);

/** @throws BackupError */
export async function restore({ place, dataFolder, runFolder, databaseUrl }: RestoreOptions): Promise<RestoreResult> {
  // What takes a moment comes before what takes as long as the archive is large.
  checkAuthority(place, dataFolder);
  await checkEmpty(dataFolder);
  if (databaseUrl !== undefined && !existsSync(join(dataFolder, dataLayout.restoring))) await requireEmpty(databaseUrl);
  const { manifest, digest } = await verifyArchive(place, (total) => new Step('checking', total).add);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await holdFolder(dataFolder);
  await checkEmpty(dataFolder);
  const mark = await begin(dataFolder, digest);
  const files = manifest.files.filter(({ path }) => !path.startsWith('tables/'));
  const step = new Step('files', files.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const file of files) await copyOne(join(place, file.path), join(dataFolder, file.path), file, step);
  const hasModel = (artifact: string): boolean => existsSync(join(dataFolder, dataLayout.models, 'sha256', artifact.slice('sha256:'.length)));
  const fill = async (url: string): Promise<Restored> => await fillDatabase(url, place, manifest, { digest: `sha256:${digest}`, restoreId: mark.restoreId, hasModel, archive: archiveOf(place, manifest, `sha256:${digest}`) });
  const restored = databaseUrl === undefined ? await withEmbedded(dataFolder, runFolder, fill) : await fill(databaseUrl);
  await removeMark(dataFolder);
  return {
    ...restored, id: manifest.id, takenAt: manifest.takenAt, data: dataFolder, objects: files.filter(({ path }) => path.startsWith(`${dataLayout.objects}/`)).length,
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0), keys: existsSync(join(dataFolder, dataLayout.keys)),
  };
}

/** The keys that are there must be those of the archive. */
function checkAuthority(place: string, dataFolder: string): void {
  const [there, archived] = [dataFolder, place].map((folder) => { const path = join(folder, dataLayout.authority); return existsSync(path) ? readFileSync(path, 'utf8') : undefined; });
  if (there !== undefined && archived !== undefined && there !== archived) throw new BackupError('keys_foreign', dataFolder);
}

async function checkEmpty(dataFolder: string): Promise<void> {
  if (!existsSync(dataFolder) || await readMark(dataFolder)) return;
  const other = (await readdir(dataFolder)).find((name) => !mayBeThere.has(name));
  if (other !== undefined) throw new BackupError('not_empty', dataFolder);
}

async function begin(dataFolder: string, archive: string): Promise<Mark> {
  const begun = await readMark(dataFolder);
  if (begun && begun.archive !== archive) throw new BackupError('other_restore', dataFolder);
  const mark = begun ?? { archive, restoreId: identifier('rst') };
  if (!begun) await setMark(dataFolder, mark);
  return mark;
}

/** Keeps what an interrupted restore has copied. */
async function copyOne(from: string, to: string, expected: Measured, step: Step): Promise<void> {
  if (existsSync(to)) {
    const kept = await measure(to, step.add);
    if (kept.sha256 === expected.sha256) return;
    step.add(-kept.bytes);
  }
  // It was checked before, and is what is copied only if it has not changed since.
  if ((await copyFile(from, to, step.add)).sha256 !== expected.sha256) throw new BackupError('archive_damaged', from);
}

/** As the ledger was told of it where it was made, but for its place. */
function archiveOf(place: string, { id, takenAt, files }: Manifest, digest: string): MadeBackup {
  return { id, kind: 'data', takenAt, objects: files.filter(({ path }) => path.startsWith(`${dataLayout.objects}/`)).length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), digest, place };
}

async function fillDatabase(url: string, place: string, manifest: Manifest, about: Omit<Loaded, 'origin'>): Promise<Restored> {
  const before = await alreadyFilled(url, about.restoreId);
  if (before) return before;
  const step = new Step('database', manifest.tables.length);
  return await loadTables(url, {
    schema: manifest.schema, tables: manifest.tables.map(({ name }) => name), sequences: manifest.sequences,
    async *rows(table) {
      const hash = createHash('sha256');
      let rows = 0;
      for await (const lines of linesOf(join(place, `tables/${table}.ndjson`))) {
        rows += lines.length;
        hash.update(`${lines.join('\n')}\n`);
        yield lines;
      }
      // As for files: what was checked is what was read.
      const same = hash.digest('hex') === manifest.files.find(({ path }) => path === `tables/${table}.ndjson`)?.sha256;
      if (!same || rows !== manifest.tables.find(({ name }) => name === table)?.rows) throw new BackupError('archive_damaged', `tables/${table}.ndjson`);
      step.add(1);
    },
  }, (tx) => beginNewLog(tx, { origin: manifest, ...about }));
}

/** The same restore was stopped after its commit. */
async function alreadyFilled(url: string, restoreId: string): Promise<Restored | undefined> {
  return await withConnection(url, async (db) => {
    const entry = await db.selectFrom('ledger_entries').select('seq').where('object', '=', restoreId).executeTakeFirst().catch(() => undefined);
    return entry && { entries: (await db.selectFrom('ledger_head').select('seq').executeTakeFirstOrThrow()).seq, modelsToPull: [] };
  });
}
