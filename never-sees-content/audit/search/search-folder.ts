/** Searches a folder whole, names included, or only the files changed since a time. */
import { lstatSync, readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import type { Search } from './search.ts';

export interface FolderOptions {
  /** Unix milliseconds: files not changed since are passed over. */
  since?: number;
  /** Folders, by path, that are passed over. */
  without?: string[];
}
/** A file or folder that could not be read, and the system's code for why. */
export interface Unread { path: string; code: string; uid: number | null }

/** @returns what could not be read. What has vanished meanwhile is not among it. */
export function searchFolder(search: Search, folder: string, { since = 0, without = [] }: FolderOptions = {}): Unread[] {
  const unread: Unread[] = [];
  const trying = (path: string, work: () => void): void => {
    try { work(); } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      if (code !== 'ENOENT' && code !== 'ENXIO') unread.push({ path, code, uid: lstatSync(path, { throwIfNoEntry: false })?.uid ?? null });
    }
  };
  const visit = (at: string, entry: Dirent): void => {
    const path = join(at, entry.name);
    search.inText(path, entry.name);
    if (entry.isSymbolicLink() || without.includes(path)) return;
    if (entry.isDirectory()) { walk(path); return; }
    if (!entry.isFile()) return;
    trying(path, () => {
      const { mtimeMs, ctimeMs } = lstatSync(path);
      if (Math.max(mtimeMs, ctimeMs) >= since) search.inFile(path);
    });
  };
  const walk = (at: string): void => trying(at, () => { for (const entry of readdirSync(at, { withFileTypes: true })) visit(at, entry); });
  walk(folder);
  return unread;
}
