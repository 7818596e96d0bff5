/** Puts the keys of an encrypted file into a data folder that has none: all of them or none. */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { syncFolder, writeKeyFile } from '../custody/key-file.ts';
import { openKeys } from './key-archive.ts';
import { KeyBackupError } from './key-backup-error.ts';

/** While they are written. Nothing takes a folder of this name for keys. */
const making = 'keys.restoring';

export interface RestoredKeys { id: string; takenAt: string; keys: number }

/** @throws KeyBackupError */
export async function restoreKeys(dataFolder: string, place: string, passphrase: string): Promise<RestoredKeys> {
  const keys = join(dataFolder, dataLayout.keys);
  if (existsSync(keys) && readdirSync(keys).length > 0) throw new KeyBackupError('not_empty');
  const { header, files } = await openKeys(readFileSync(place), passphrase);
  const authority = files.find(({ path }) => path === 'ca.pem')?.contents;
  const published = join(dataFolder, dataLayout.authority);
  if (!authority || (existsSync(published) && !readFileSync(published).equals(authority))) throw new KeyBackupError('keys_foreign');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const folder = join(dataFolder, making);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  for (const { path, mode, contents } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
    writeKeyFile(join(folder, path), contents, mode);
  }
  if (existsSync(keys)) rmSync(keys, { recursive: true });
  renameSync(folder, keys);
  syncFolder(dataFolder);
  if (!existsSync(published)) writeKeyFile(published, authority, 0o644);
  for (const { contents } of files) contents.fill(0);
  return { id: header.id, takenAt: header.takenAt, keys: files.length };
}
