/**
 * Where an archive is written: `PLACE.unfinished` beside it, which takes its name when it is whole. An older archive at the place goes to `PLACE.previous` for the moment between two
 * renames, so at every moment there is a whole archive under one of the names, and the next run puts it where it belongs.
 */
import { readdir, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { BackupError } from './backup-error.ts';
import { isMissing, syncFolder } from './files.ts';
import { digestName, manifestName, readManifest } from './manifest.ts';

export const unfinished = (place: string): string => `${place}.unfinished`;
const previous = (place: string): string => `${place}.previous`;

async function exists(path: string): Promise<boolean> {
  try { await readdir(path); return true; } catch (error) {
    if (isMissing(error)) return false;
    throw (error as { code?: string }).code === 'ENOTDIR' ? new BackupError('not_a_backup', path) : error;
  }
}

/** Where it is in the end: what stands beside a link is not on the disk that the link leads to. It need not be there, since a swap may have been interrupted. @throws BackupError not_a_backup where its folder is not */
export async function realPlace(place: string): Promise<string> {
  try { return await realpath(place); } catch (error) { if (!isMissing(error)) throw error; }
  const folder = await realpath(dirname(place)).catch((error: unknown) => { throw isMissing(error) ? new BackupError('not_a_backup', place) : error; });
  const leadsTo = await readlink(place).catch(() => undefined);
  return leadsTo === undefined ? join(folder, basename(place)) : await realPlace(resolve(folder, leadsTo));
}

const ofArchives = new Set<string>(['tables', dataLayout.objects, dataLayout.models, ...[dataLayout.authority, manifestName, digestName].flatMap((name) => [name, `${name}.making`])]);

/** That nothing but an archive, or what is left of one, is under a name that this program gives. @throws BackupError not_a_backup */
async function requireOwn(path: string): Promise<void> {
  if (await exists(path) && (await readdir(path)).some((name) => !ofArchives.has(name))) throw new BackupError('not_a_backup', path);
}

/** Ends a swap that was interrupted. @throws BackupError not_a_backup where something else is at the place */
export async function settle(place: string): Promise<void> {
  for (const own of [previous(place), unfinished(place)]) await requireOwn(own);
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
