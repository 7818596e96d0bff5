/** Copies what never changes once it is whole: sealed files, and model files where they were asked for. */
import { link, lstat, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { copyFile, isMissing, measure, pathsBelow } from './files.ts';
import type { Measured } from './files.ts';
import type { Manifest } from './manifest.ts';
import { Step } from './progress.ts';

export interface Copied extends Measured { path: string }
export interface CopyOptions {
  from: string; to: string; models: boolean;
  /** Use one file for both, where the disk is the same. */
  link: boolean;
  /** Sealed files of the moment of the tables. One that came later is not theirs, and whoever deletes it would not look for it here. */
  known: (path: string) => boolean;
  /** The archive before, and where it is. */
  before: { folder: string; manifest: Manifest } | undefined;
}

/** A sealed file under way has a dot in its name. */
const whole = (path: string): boolean => /^[\w-]+\/[\w-]+$/.test(path);

/** Of sealed files that are whole: `PROJECT/OBJECT`. */
export const sealedPaths = async (dataFolder: string): Promise<string[]> => (await pathsBelow(join(dataFolder, dataLayout.objects))).filter(whole);

async function wanted({ from, models, known }: CopyOptions): Promise<string[]> {
  const objects = (await sealedPaths(from)).filter(known).map((path) => `${dataLayout.objects}/${path}`);
  const files = models ? (await pathsBelow(join(from, dataLayout.models, 'sha256'))).filter((name) => /^[0-9a-f]{64}$/.test(name)).map((name) => `${dataLayout.models}/sha256/${name}`) : [];
  return [...objects, ...files];
}

async function sizeOf(path: string): Promise<number | undefined> {
  try { const stat = await lstat(path); return stat.isFile() ? stat.size : undefined; } catch (error) { if (isMissing(error)) return undefined; throw error; }
}

/** @returns what is in the archive now, in order. A file that is deleted meanwhile is left out. */
export async function copyObjects(options: CopyOptions): Promise<Copied[]> {
  const paths = await wanted(options);
  await removeOthers(options.to, new Set(paths));
  const sizes = await Promise.all(paths.map((path) => sizeOf(join(options.from, path))));
  const step = new Step('files', sizes.reduce((sum: number, size) => sum + (size ?? 0), 0));
  const known = new Map(options.before?.manifest.files.map((file) => [file.path, file]) ?? []);
  const copied: Copied[] = [];
  for (const [i, path] of paths.entries()) {
    const size = sizes[i];
    if (size === undefined) continue;
    const measured = await copyOne(options, path, size, known.get(path), step);
    if (measured) copied.push({ path, ...measured });
  }
  return copied;
}

/** Takes out of the archive what was deleted since it was copied. @returns what is still there */
export async function withoutDeleted({ from, to }: Pick<CopyOptions, 'from' | 'to'>, copied: Copied[]): Promise<Copied[]> {
  const still: Copied[] = [];
  for (const file of copied) if (!file.path.startsWith(`${dataLayout.objects}/`) || await sizeOf(join(from, file.path)) !== undefined) still.push(file); else await rm(join(to, file.path), { force: true });
  return still;
}

/** Copies of what is deleted since do not stay. */
async function removeOthers(to: string, paths: Set<string>): Promise<void> {
  for (const folder of [dataLayout.objects, dataLayout.models]) {
    for (const path of await pathsBelow(join(to, folder))) if (!paths.has(`${folder}/${path}`)) await rm(join(to, folder, path));
  }
}

/** Keeps a copy that an interrupted run has made, takes the one of the archive before, or makes one. */
async function copyOne({ from, to, link: mayLink, before }: CopyOptions, path: string, size: number, known: Measured | undefined, step: Step): Promise<Measured | undefined> {
  const [source, target] = [join(from, path), join(to, path)];
  try {
    if (await sizeOf(target) !== size && known?.bytes === size && before) { await mkdir(dirname(target), { recursive: true, mode: 0o700 }); await tryLink(join(before.folder, path), target); }
    if (await sizeOf(target) === size) {
      const kept = await measure(target, step.add);
      if (kept.sha256 === (known ?? await measure(source)).sha256) return kept;
      step.add(-size);
    }
    if (mayLink) { await mkdir(dirname(target), { recursive: true, mode: 0o700 }); if (await tryLink(source, target)) return await measure(target, step.add); }
    return await copyFile(source, target, step.add);
  } catch (error) { if (isMissing(error)) { await rm(target, { force: true }); return undefined; } throw error; }
}

/** False where the disks differ, or the other is gone. */
async function tryLink(from: string, to: string): Promise<boolean> {
  await rm(to, { force: true });
  try { await link(from, to); return true; } catch { return false; }
}
