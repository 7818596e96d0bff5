/** The root key of the installation: 32 random bytes in a file that only its owner can read. Everything else is derived. */
import { hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Purpose } from '#contract/internal/custody.ts';
import { events } from './events.ts';

export class KeysUnreadable extends Error {
  constructor(reason: 'mode' | 'length' | 'access') {
    super(`root key: ${reason}`);
    this.name = 'KeysUnreadable';
  }
}

/** Writes the file whole beside its place, then links it in: never half a key, never over another. */
function create(path: string): void {
  const making = `${path}.${process.pid}`;
  const file = openSync(making, 'wx', 0o400);
  try { writeSync(file, randomBytes(32)); fsyncSync(file); } finally { closeSync(file); }
  try { linkSync(making, path); } finally { unlinkSync(making); }
  const folder = openSync(dirname(path), 'r');
  try { fsyncSync(folder); } finally { closeSync(folder); }
  events.rootKeyCreated();
}

/**
 * Opens the root key in `folder`, creating it in an empty one.
 * @throws KeysUnreadable where the file is damaged or others may read it: custody does not start then.
 */
export function openRootKey(folder: string): Buffer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'root.key');
  try { if (!existsSync(path)) create(path); } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new KeysUnreadable('access'); }
  const stat = statSync(path);
  if ((stat.mode & 0o077) !== 0 || stat.uid !== process.getuid?.()) throw new KeysUnreadable('mode');
  const key = readFileSync(path);
  if (key.length !== 32) throw new KeysUnreadable('length');
  return key;
}

/** The 32-byte key of one purpose (HKDF-SHA-256). */
export function purposeKey(rootKey: Buffer, purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, Buffer.alloc(0), `modelkeep/v1/${purpose}`, 32));
}
