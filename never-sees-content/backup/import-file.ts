/** Fills an empty database from an export, after all of it was checked. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dataLayout } from '#contract/installation.ts';
import { identifier } from '../identity/identifier.ts';
import { loadTables } from '../storage/load-tables.ts';
import { BackupError } from './backup-error.ts';
import { beginNewLog } from './begin-new-log.ts';
import type { Restored } from './begin-new-log.ts';
import { exportFormat } from './export-file.ts';
import { isMissing } from './files.ts';
import { holdFolder, isRestoring, withEmbedded } from './hold-folder.ts';
import { linesOf } from './lines.ts';
import { Origin } from './manifest.ts';
import { Step } from './progress.ts';

const TableName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
const Header = Origin.extend({ format: z.literal(exportFormat), tables: z.array(TableName) });
const Trailer = z.strictObject({ rows: z.record(TableName, z.int().min(0)), sha256: z.string() });
type Checked = z.output<typeof Header> & { rows: Record<string, number>; digest: string };

export interface ImportOptions { place: string; dataFolder: string; runFolder: string; databaseUrl: string | undefined }
export interface ImportResult extends Restored { id: string; takenAt: string; rows: number }

/** @throws BackupError, LoadRefused */
export async function importFile({ place, dataFolder, runFolder, databaseUrl }: ImportOptions): Promise<ImportResult> {
  const checked = await check(place);
  const hasModel = (artifact: string): boolean => existsSync(join(dataFolder, dataLayout.models, 'sha256', artifact.slice('sha256:'.length)));
  const fill = async (url: string): Promise<Restored> => await loadTables(url, { schema: checked.schema, tables: checked.tables, sequences: checked.sequences, rows: rowsIn(place, checked) },
    (tx) => beginNewLog(tx, { origin: Origin.strip().parse(checked), digest: checked.digest, restoreId: identifier('rst'), hasModel }));
  const restored = databaseUrl === undefined ? await fillEmbedded(dataFolder, runFolder, fill) : await fill(databaseUrl);
  return { ...restored, id: checked.id, takenAt: checked.takenAt, rows: Object.values(checked.rows).reduce((sum, count) => sum + count, 0) };
}

async function fillEmbedded(dataFolder: string, runFolder: string, fill: (url: string) => Promise<Restored>): Promise<Restored> {
  if (isRestoring(dataFolder)) throw new BackupError('restore_unfinished', dataFolder);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await holdFolder(dataFolder);
  return await withEmbedded(dataFolder, runFolder, fill);
}

/** Reads all of it once. @throws BackupError not_a_backup, archive_damaged */
async function check(place: string): Promise<Checked> {
  const hash = createHash('sha256');
  const whole = createHash('sha256');
  const counted: Record<string, number> = {};
  let header: z.output<typeof Header> | undefined;
  let last: string | undefined;
  const take = (line: string): void => {
    hash.update(`${line}\n`);
    if (!header) { header = parsed(Header, line) ?? refuse('not_a_backup', place); return; }
    const table = tableOf(line) ?? refuse('archive_damaged', place);
    counted[table] = (counted[table] ?? 0) + 1;
  };
  try {
    for await (const lines of linesOf(place)) for (const line of lines) {
      whole.update(`${line}\n`);
      if (last !== undefined) take(last);
      last = line;
    }
  } catch (error) { if (isMissing(error)) throw new BackupError('not_a_backup', place); throw error instanceof RangeError ? new BackupError('archive_damaged', place, error) : error; }
  const trailer = parsed(Trailer, last ?? '');
  if (!header) throw new BackupError('not_a_backup', place);
  const { tables } = header;
  const agree = trailer?.sha256 === hash.digest('hex') && tables.every((table) => trailer.rows[table] === (counted[table] ?? 0)) && Object.keys(counted).every((table) => tables.includes(table));
  if (!trailer || !agree) throw new BackupError('archive_damaged', place);
  return { ...header, rows: trailer.rows, digest: `sha256:${whole.digest('hex')}` };
}

function refuse(code: 'not_a_backup' | 'archive_damaged', place: string): never { throw new BackupError(code, place); }
function parsed<T extends z.ZodType>(schema: T, line: string): z.output<T> | undefined {
  try { return schema.parse(JSON.parse(line)); } catch { return undefined; }
}
const tableOf = (line: string): string | undefined => /^\["([a-z][a-z0-9_]{0,62})",\{/.exec(line)?.[1];

/** The rows of each table, in the order of the file: it is read once more, from beginning to end. */
function rowsIn(place: string, { tables }: Checked): (table: string) => AsyncGenerator<string[]> {
  const all = linesOf(place);
  const step = new Step('database', tables.length);
  let waiting: string[] = [];
  return async function* rows(table) {
    const begin = `["${table}",`;
    for (;;) {
      while (waiting.length === 0) {
        const next = await all.next();
        if (next.done === true) { step.add(1); return; }
        waiting = next.value.filter((line) => line.startsWith('['));
      }
      const end = waiting.findIndex((line) => !line.startsWith(begin));
      const own = end < 0 ? waiting : waiting.slice(0, end);
      if (own.length > 0) yield own.map((line) => line.slice(begin.length, -1));
      waiting = waiting.slice(own.length);
      if (end >= 0) { step.add(1); return; }
    }
  };
}
