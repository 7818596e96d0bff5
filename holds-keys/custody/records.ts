/** Small JSON files of the keys folder: written whole or not at all, overwritten before they are removed. */
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { canonicalJson } from '#contract/canonical-json.ts';
import { readKeyFile, syncFolder, unfinished, writeKeyFile } from './key-file.ts';
import { KeyRefused } from './key-refused.ts';

/** Undefined where there is none. @throws KeyRefused key_tampered where it is not what its schema says */
export function readRecord<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  try { return schema.parse(JSON.parse(readKeyFile(path).toString('utf8'))); } catch { throw new KeyRefused('key_tampered'); }
}

/** `once`: fails with EEXIST where there is one. */
export function writeRecord(path: string, record: object, once = false): void {
  makeFolder(dirname(path));
  writeKeyFile(path, canonicalJson(record), 0o600, once);
}

function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
  syncFolder(dirname(path));
}

/** The bytes are overwritten in place first, for file systems that keep them there. Harmless where there is none. @returns whether there was one */
export function removeRecord(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r+');
  try { writeSync(file, Buffer.alloc(fstatSync(file).size)); fsyncSync(file); } finally { closeSync(file); }
  rmSync(path, { force: true });
  syncFolder(dirname(path));
  return true;
}

/** Names of the records in a folder, without their ending. */
export function recordsIn(folder: string): string[] {
  try { return readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)); } catch { return []; }
}

/** What a writer that was killed left behind holds wrapped keys too. */
export function sweepUnfinished(folder: string): void {
  for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) sweepUnfinished(path);
    else if (unfinished.test(entry.name)) removeRecord(path);
  }
}
