/** Sealed bytes as files of a folder: written beside their place, synced, then moved in. */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BlobStore } from './blob-store.ts';
import { StoreError } from './blob-store.ts';

const name = /^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/;
const unfinished = '.writing';
/** Bytes between two syncs, so that the last one is not of gigabytes. */
const syncEvery = 64 * 2 ** 20;

function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new StoreError(code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? 'full' : code === 'ENOENT' ? 'not_found' : code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EEXIST' ? 'refused' : 'unreachable', error);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try { await folder.sync(); } finally { await folder.close(); }
}

export class FilesystemBlobs implements BlobStore {
  readonly #folder: string;
  constructor(folder: string) { this.#folder = folder; }

  #path(object: string): string {
    if (!name.test(object)) throw new StoreError('refused');
    return join(this.#folder, object);
  }

  async write(object: string, bytes: AsyncIterable<Buffer>): Promise<{ bytes: number }> {
    const path = this.#path(object);
    const making = path + unfinished;
    try {
      if (await mkdir(this.#folder, { recursive: true, mode: 0o700 }) !== undefined) await syncFolder(join(this.#folder, '..'));
      // Whoever writes the same name now is refused, and has its file to itself.
      const file = await open(making, 'wx', 0o600);
      try {
        const size = await fill(file, bytes);
        await rename(making, path);
        await syncFolder(this.#folder);
        return { bytes: size };
      } catch (error) {
        await rm(making, { force: true }).catch(() => undefined);
        throw error;
      }
    } catch (error) { throw storeError(error); }
  }

  async read(object: string, { offset, length }: { offset: number; length?: number } = { offset: 0 }): Promise<AsyncIterable<Buffer>> {
    const path = this.#path(object);
    // Opened before it is given away, so that what is not there is told here.
    const file = await open(path, 'r').catch((error: unknown) => { throw storeError(error); });
    if (length === 0) { await file.close(); return none(); }
    return createReadStream(path, { fd: file, start: offset, highWaterMark: 1 << 20, ...(length === undefined ? {} : { end: offset + length - 1 }) });
  }

  async size(object: string): Promise<number | null> {
    try { return (await stat(this.#path(object))).size; } catch (error) {
      const told = storeError(error);
      if (told.code === 'not_found') return null;
      throw told;
    }
  }

  async erase(object: string): Promise<void> {
    const path = this.#path(object);
    try {
      for (const each of [path, path + unfinished]) await rm(each, { force: true });
      await syncFolder(this.#folder);
    } catch (error) {
      const told = storeError(error);
      if (told.code !== 'not_found') throw told;
    }
  }

  async *list(): AsyncGenerator<string> {
    const names = await readdir(this.#folder).catch((error: unknown) => { if (storeError(error).code === 'not_found') return []; throw storeError(error); });
    for (const each of names) { yield each.replace(unfinished, ''); await nextTurn(); }
  }
}

async function* none(): AsyncGenerator<Buffer> { /* A range of no bytes. */ }

/** Closes the file. */
async function fill(file: FileHandle, bytes: AsyncIterable<Buffer>): Promise<number> {
  let [size, synced] = [0, 0];
  try {
    for await (const chunk of bytes) {
      await file.writeFile(chunk);
      size += chunk.length;
      if (size - synced >= syncEvery) { await file.datasync(); synced = size; }
    }
    await file.sync();
  } finally { await file.close(); }
  return size;
}
