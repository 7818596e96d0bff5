/** Small JSON files of the keys folder: written whole or not at all, under a seal, overwritten before they are removed. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, fsyncSync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '#contract/canonical-json.ts';
import { readKeyFile, syncFolder, unfinished, writeKeyFile } from './key-file.ts';
import { KeyRefused } from './key-refused.ts';
import { KeysUnreadable } from './keys-unreadable.ts';

const Sealed = z.looseObject({ seal: z.string() });
const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** HMAC-SHA-256 over the rest of the record. What wraps nothing is in it too: a disabled key is not enabled by an edit. */
const sealOf = (record: object, under: Buffer): string => createHmac('sha256', under).update(canonicalJson(record)).digest('base64');

/** A file that cannot be asked about is not a missing one. */
export const hasRecord = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** `under`: the key of the seal. Undefined where there is none. @throws KeyRefused key_tampered where it is not what was written, KeysUnreadable where it cannot be read now */
export function readRecord<T>(path: string, schema: z.ZodType<T>, under: Buffer): T | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  try {
    if (!found.isFile()) throw new KeyRefused('key_tampered');
    const text = readKeyFile(path).toString('utf8');
    const { seal, ...record } = Sealed.parse(JSON.parse(text));
    const [said, due] = [Buffer.from(seal), Buffer.from(sealOf(record, under))];
    if (said.length !== due.length || !timingSafeEqual(said, due) || canonicalJson({ ...record, seal }) !== text) throw new KeyRefused('key_tampered');
    return schema.parse(record);
  } catch (error) { throw error instanceof KeysUnreadable && error.reason === 'access' ? error : new KeyRefused('key_tampered'); }
}

/** `once`: fails with EEXIST where there is one. Otherwise the one that was there is overwritten once the new one stands. */
export function writeRecord(path: string, record: object, under: Buffer, once = false): void {
  makeFolder(dirname(path));
  const before = once ? undefined : openIfThere(path);
  try {
    writeKeyFile(path, canonicalJson({ ...record, seal: sealOf(record, under) }), 0o600, once);
    if (before !== undefined) overwrite(before);
  } finally { if (before !== undefined) closeSync(before); }
}

function openIfThere(path: string): number | undefined {
  try { return openSync(path, constants.O_RDWR | constants.O_NOFOLLOW); } catch (error) { if (isMissing(error)) return undefined; throw error; }
}

export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700, recursive: true });
  syncFolder(dirname(path));
}

/** In place, for file systems that keep the bytes there. */
export function overwrite(file: number): void {
  writeSync(file, Buffer.alloc(fstatSync(file).size), 0, undefined, 0);
  fsyncSync(file);
}

/** From its first step on it is no record, and whoever is interrupted after that has it finished at the next start. Harmless where there is none. @returns whether there was one */
export function removeRecord(path: string): boolean {
  const removing = `${path}.removing-${randomBytes(8).toString('hex')}`;
  try { renameSync(path, removing); } catch (error) { if (isMissing(error)) return false; throw error; }
  syncFolder(dirname(path));
  erase(removing);
  return true;
}

/** A file that has a second name is a record that was just being linked to its place: only the name goes. */
function erase(path: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try { if (fstatSync(file).nlink === 1) overwrite(file); } finally { closeSync(file); }
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** Names of what is in a folder; none where there is no folder. A folder that cannot be read is not an empty one. */
export function namesIn(folder: string): string[] {
  try { return readdirSync(folder); } catch (error) { if (isMissing(error)) return []; throw error; }
}

/** Names of the records in a folder, without their ending. */
export const recordsIn = (folder: string): string[] => namesIn(folder).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));

/** What a writer that was killed left behind holds wrapped keys too. */
export function sweepUnfinished(folder: string): void {
  for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) sweepUnfinished(path);
    else if (unfinished.test(entry.name)) if (entry.isFile()) erase(path); else rmSync(path, { force: true });
  }
}
