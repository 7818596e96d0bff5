/** Checks an archive, byte by byte, before anything is made of it. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from './backup-error.ts';
import { isMissing, measure, pathsBelow } from './files.ts';
import { digestName, manifestName, readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';

/** `following`: is told the bytes of all files, and gives what is told each step. @throws BackupError not_a_backup, archive_damaged with the file */
export async function verifyArchive(place: string, following: (total: number) => (count: number) => void = () => () => undefined): Promise<{ manifest: Manifest; digest: string }> {
  const found = await readManifest(place);
  if (!found) throw new BackupError('not_a_backup', place);
  const { files, tables } = found.manifest;
  const declared = new Set(files.map(({ path }) => path));
  const foreign = (await pathsBelow(place)).find((path) => !declared.has(path) && path !== manifestName && path !== digestName);
  if (foreign !== undefined) throw new BackupError('archive_damaged', foreign);
  if (declared.size !== files.length || tables.some(({ name }) => !declared.has(`tables/${name}.ndjson`))) throw new BackupError('archive_damaged', manifestName);
  const read = following(files.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const { path, bytes, sha256 } of files) {
    const at = join(place, path);
    try {
      const stat = await lstat(at);
      if (!stat.isFile() || stat.size !== bytes || (await measure(at, read)).sha256 !== sha256) throw new BackupError('archive_damaged', path);
    } catch (error) { throw isMissing(error) ? new BackupError('archive_damaged', path) : error; }
  }
  return found;
}
