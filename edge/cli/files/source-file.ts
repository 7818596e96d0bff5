/** A file of the user's that is uploaded: opened once, read where it is asked for, and watched for changes. */
import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { Filename, mostFileBytes } from '#contract/http/files.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bytes as sizeOf } from '../terminal.ts';

/** Bytes read at a time. */
const chunkBytes = 256 * 1024;

export const changedMeanwhile = (): CliError => new CliError('file_changed', 'The file was changed while it was uploaded. Nothing of it is kept.', exitCodes.failed, 'Upload it again, with the same command.');

export class SourceFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  /** Without links. */
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** Nanoseconds since 1970, as the file system tells them. */
  readonly modified: string;
  private constructor(handle: FileHandle, path: string, name: string, bytes: number, modified: string) {
    this.#handle = handle;
    this.path = path;
    this.name = name;
    this.bytes = bytes;
    this.modified = modified;
  }

  /** @throws CliError where it is no file, is too large, or has a name that no file may have there */
  static async open(given: string): Promise<SourceFile> {
    const handle = await open(given, 'r').catch((error: unknown) => { throw new CliError('unreadable_file', `${given} ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read'}.`, exitCodes.usage); });
    try {
      const stat = await handle.stat({ bigint: true });
      if (!stat.isFile()) throw new CliError('unreadable_file', `${given} is not a file.`, exitCodes.usage);
      if (stat.size > mostFileBytes) throw new CliError('file_too_large', `${given} has ${sizeOf(Number(stat.size))}; a file may have ${sizeOf(mostFileBytes)}.`, exitCodes.usage);
      const name = Filename.safeParse(basename(given));
      if (!name.success) throw new CliError('usage', `The name of ${given} cannot be used: ${name.error.issues[0]?.message ?? 'not valid'}.`, exitCodes.usage);
      return new SourceFile(handle, await realpath(given), name.data, Number(stat.size), String(stat.mtimeNs));
    } catch (error) { await handle.close(); throw error; }
  }

  /** @throws CliError file_changed where it has become shorter */
  async* read(start: number, length: number): AsyncGenerator<Buffer> {
    for (let at = start; at < start + length;) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, start + length - at));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw changedMeanwhile();
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** MD5 in hexadecimal: what the Uploads API compares by. It finds mistakes, not attacks. */
  async md5(signal: AbortSignal): Promise<string> {
    const hash = createHash('md5');
    for await (const chunk of this.read(0, this.bytes)) { signal.throwIfAborted(); hash.update(chunk); }
    return hash.digest('hex');
  }

  async isUnchanged(): Promise<boolean> {
    const { size, mtimeNs } = await this.#handle.stat({ bigint: true });
    return Number(size) === this.bytes && String(mtimeNs) === this.modified;
  }

  async [Symbol.asyncDispose](): Promise<void> { await this.#handle.close(); }
}
