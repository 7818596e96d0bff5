/** Files of the keys folder: written whole or not at all, read by their owner only. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { KeysUnreadable } from './keys-unreadable.ts';

/** What a writer or a remover that was killed left behind. */
export const unfinished = /\.(?:making|removing)-[0-9a-f]{16}$/;

export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try { fsyncSync(folder); } finally { closeSync(folder); }
}

function fill(path: string, contents: Buffer | string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try { writeFileSync(file, contents); fsyncSync(file); } finally { closeSync(file); }
}

/** Writes the file beside its place and moves it in. `once`: an existing file stays, and it fails with EEXIST. */
export function writeKeyFile(path: string, contents: Buffer | string, mode: number, once = false): void {
  const making = `${path}.making-${randomBytes(8).toString('hex')}`;
  try {
    fill(making, contents, mode);
    if (once) linkSync(making, path); else renameSync(making, path);
  } finally { rmSync(making, { force: true }); }
  syncFolder(dirname(path));
}

/** Bytes: far more than any of them has. */
const mostBytes = 1 << 20;

/** @throws KeysUnreadable where it is not a file, not ours, too long, or others may read it. */
export function readKeyFile(path: string): Buffer {
  return readSmallFile(path, (stat) => { if ((stat.mode & 0o077) !== 0 || stat.uid !== process.getuid?.()) throw new KeysUnreadable('mode'); });
}

/** A file whose path somebody else may have chosen: nothing waits for a pipe, and no device is read without end. @throws KeysUnreadable, what `check` throws */
export function readSmallFile(path: string, check: (stat: Stats) => void = () => undefined): Buffer {
  let file: number;
  try { file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY); } catch { throw new KeysUnreadable('access'); }
  try {
    // The opened file is asked, not the path: what is checked is what is read.
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new KeysUnreadable('access');
    check(stat);
    return readAll(file, stat.size);
  } finally { closeSync(file); }
}

/** Some files of the system are longer than they say. */
function readAll(file: number, said: number): Buffer {
  if (said > mostBytes) throw new KeysUnreadable('length');
  const bytes = Buffer.alloc(said === 0 ? mostBytes + 1 : said + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length;) length += read = readSync(file, bytes, length, bytes.length - length, null);
  if (length === bytes.length) { bytes.fill(0); throw new KeysUnreadable('length'); }
  return bytes.subarray(0, length);
}

/** Names of the finished files in the folder; unfinished ones are removed. */
export function keyFiles(folder: string): string[] {
  const names = readdirSync(folder);
  for (const name of names) if (unfinished.test(name)) rmSync(join(folder, name), { force: true });
  return names.filter((name) => !unfinished.test(name));
}
