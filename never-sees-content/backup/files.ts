/** Files of an archive: written beside their place, on the disk before they have their name, and measured on the way. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** `sha256`: hexadecimal. */
export interface Measured { bytes: number; sha256: string }
const chunk = 1 << 20;
const makingSuffix = '.making';
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try { await folder.sync(); } finally { await folder.close(); }
}

/** The bytes of a file, a megabyte at a time in the same memory; never those behind a link. */
export async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const buffer = Buffer.allocUnsafe(chunk);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunk, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally { await file.close(); }
}

export async function measure(path: string, onBytes: (count: number) => void = () => undefined): Promise<Measured> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of bytesOf(path)) { hash.update(part); bytes += part.length; onBytes(part.length); }
  return { bytes, sha256: hash.digest('hex') };
}

/** A file that gets its name when it is whole. */
export class NewFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  private constructor(path: string, file: FileHandle) { this.#path = path; this.#file = file; }

  static async create(path: string): Promise<NewFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rm(path + makingSuffix, { force: true });
    return new NewFile(path, await open(path + makingSuffix, 'wx', 0o600));
  }

  get digest(): string { return this.#hash.copy().digest('hex'); }

  async write(data: Buffer | string): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#file.writeFile(bytes);
  }

  async finish(): Promise<Measured> {
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#path + makingSuffix, this.#path);
    await syncFolder(dirname(this.#path));
    return { bytes: this.#bytes, sha256: this.digest };
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#path + makingSuffix, { force: true });
  }
}

/** Writes a file with `work`; what fails leaves nothing. */
export async function writeFile(path: string, work: (file: NewFile) => Promise<void>): Promise<Measured> {
  const file = await NewFile.create(path);
  try { await work(file); } catch (error) { await file.abandon(); throw error; }
  return await file.finish();
}

export async function copyFile(from: string, to: string, onBytes: (count: number) => void): Promise<Measured> {
  return await writeFile(to, async (file) => { for await (const part of bytesOf(from)) { await file.write(part); onBytes(part.length); } });
}

/** Paths of everything below a folder that is no folder, in order. Empty where there is no such folder. */
export async function pathsBelow(folder: string, under = ''): Promise<string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true }).catch((error: unknown) => { if (isMissing(error)) return []; throw error; });
  const found = await Promise.all(entries.map(async (entry) => { const path = under === '' ? entry.name : `${under}/${entry.name}`; return entry.isDirectory() ? await pathsBelow(folder, path) : [path]; }));
  return found.flat().sort();
}
