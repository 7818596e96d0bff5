/** A copy of the keys folder in which all files are of one moment, also while custody writes: each is written whole, and the folder is read again until nothing has changed. */
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unfinished } from '../custody/key-file.ts';
import { KeyBackupError } from './key-backup-error.ts';

/** `path`: below the keys folder. */
export interface KeyFile { path: string; mode: number; contents: Buffer }
const attempts = 50;

export async function collectKeys(folder: string): Promise<KeyFile[]> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = look(folder);
    const files = read(folder, before);
    if (files && JSON.stringify(before) === JSON.stringify(look(folder))) return files;
    await sleep(20);
  }
  throw new KeyBackupError('keys_changing');
}

interface Seen { path: string; mode: number; size: number; inode: number; changed: number }

/** @throws KeyBackupError no_keys, keys_unreadable where something is no file of ours, or a secret one may be read by others */
function look(folder: string, under = ''): Seen[] {
  let names: string[];
  try { names = readdirSync(join(folder, under)).sort(); } catch { if (under === '') throw new KeyBackupError('no_keys'); return []; }
  return names.filter((name) => !unfinished.test(name)).flatMap((name) => {
    const path = under === '' ? name : `${under}/${name}`;
    const stat = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (!stat) return [];
    if (stat.uid !== process.getuid?.()) throw new KeyBackupError('keys_unreadable');
    if (stat.isDirectory()) return look(folder, path);
    if (!stat.isFile() || ((stat.mode & 0o077) !== 0 && !path.endsWith('.pem'))) throw new KeyBackupError('keys_unreadable');
    return [{ path, mode: stat.mode & 0o777, size: stat.size, inode: stat.ino, changed: stat.ctimeMs }];
  });
}

/** Undefined where a file has gone meanwhile. */
function read(folder: string, seen: Seen[]): KeyFile[] | undefined {
  try { return seen.map(({ path, mode }) => ({ path, mode, contents: readFileSync(join(folder, path)) })); } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new KeyBackupError('keys_unreadable');
  }
}
