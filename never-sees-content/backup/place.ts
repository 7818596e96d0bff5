/**
 * Where an archive is written: `PLACE.unfinished` beside it, which takes its name when it is whole. An older archive at the place goes to `PLACE.previous` for the moment between two
 * renames, so at every moment there is a whole archive under one of the names, and the next run puts it where it belongs.
 */
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from './backup-error.ts';
import { isMissing, syncFolder } from './files.ts';
import { readManifest } from './manifest.ts';

export const unfinished = (place: string): string => `${place}.unfinished`;
const previous = (place: string): string => `${place}.previous`;

async function exists(path: string): Promise<boolean> {
  try { await readdir(path); return true; } catch (error) {
    if (isMissing(error)) return false;
    throw (error as { code?: string }).code === 'ENOTDIR' ? new BackupError('not_a_backup', path) : error;
  }
}

/** Ends a swap that was interrupted. @throws BackupError not_a_backup where something else is at the place */
export async function settle(place: string): Promise<void> {
  if (await exists(previous(place))) {
    if (await exists(place)) await rm(previous(place), { recursive: true });
    else await rename(previous(place), place);
    await syncFolder(dirname(place));
  }
  if (await exists(place) && (await readdir(place)).length > 0 && !await readManifest(place)) throw new BackupError('not_a_backup', place);
}

export async function swapIn(place: string): Promise<void> {
  const replaces = await exists(place);
  if (replaces) await rename(place, previous(place));
  await rename(unfinished(place), place);
  await syncFolder(dirname(place));
  if (replaces) await rm(previous(place), { recursive: true, force: true });
}
