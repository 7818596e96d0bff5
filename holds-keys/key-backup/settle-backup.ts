/** After the ledger was told of a backup of keys: a deletion that ended before that did not know of it. Where it has such a key, the file goes. */
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { syncFolder } from '../custody/key-file.ts';
import { overwrite } from '../custody/records.ts';
import { openKeys } from './key-archive.ts';

/** A data key's record, by its path below the keys folder. */
const isDataKey = (path: string): boolean => path.startsWith('data/');

/** @returns whether it may stay. @throws KeyBackupError */
export async function settleBackup(dataFolder: string, place: string, passphrase: string): Promise<{ settled: boolean }> {
  const { files } = await openKeys(readFileSync(place), passphrase);
  for (const { contents } of files) contents.fill(0);
  if (files.every(({ path }) => !isDataKey(path) || existsSync(join(dataFolder, dataLayout.keys, path)))) return { settled: true };
  const file = openSync(place, 'r+');
  try { overwrite(file); } finally { closeSync(file); }
  rmSync(place);
  syncFolder(dirname(place));
  return { settled: false };
}
