/** Says that a data folder is being restored, and from what: while it is there nothing starts, and the same restore may go on. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dataLayout } from '#contract/installation.ts';
import { BackupError } from './backup-error.ts';
import { isMissing, syncFolder, writeFile } from './files.ts';

const Mark = z.strictObject({ /** Digest of the archive's manifest. */ archive: z.string(), restoreId: z.string().regex(/^rst_[0-9a-hjkmnp-tv-z]{26}$/) });
export type Mark = z.output<typeof Mark>;
const pathOf = (dataFolder: string): string => join(dataFolder, dataLayout.restoring);

/** @throws BackupError unreadable */
export async function readMark(dataFolder: string): Promise<Mark | undefined> {
  let text: string;
  try { text = await readFile(pathOf(dataFolder), 'utf8'); } catch (error) { if (isMissing(error)) return undefined; throw error; }
  try { return Mark.parse(JSON.parse(text)); } catch (error) { throw new BackupError('unreadable', pathOf(dataFolder), error); }
}
export async function setMark(dataFolder: string, mark: Mark): Promise<void> { await writeFile(pathOf(dataFolder), (file) => file.write(JSON.stringify(mark))); }
export async function removeMark(dataFolder: string): Promise<void> {
  await rm(pathOf(dataFolder));
  await syncFolder(dataFolder);
}
