/** Where a download goes: a file that has its name when it is whole, or standard output. */
import { constants, existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { FileObject } from '#contract/http/files.ts';
import { FileId } from '#contract/names.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { Kept } from '../record.ts';
import { ownMark, ProcessMark, runs } from '../running.ts';
import type { Sink } from './receive-file.ts';

/** What is remembered of a download: never what stands in the file. */
const DownloadRecord = z.object({ file: FileId, etag: z.string(), path: z.string(), process: ProcessMark });
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

export const taken = (path: string): CliError => new CliError('file_exists', `${path} is there already.`, exitCodes.conflict, 'Overwrite it: --force     or write another one: -o FILE');

const reasons: Record<string, string> = { ENOSPC: 'the disk is full', EDQUOT: 'your share of the disk is full', ENOENT: 'its folder is not there', ENOTDIR: 'its folder is not there', EACCES: 'you may not write there', EROFS: 'the disk is read-only', ENAMETOOLONG: 'the name is too long' };
function unwritable(path: string, error: unknown): CliError {
  const { code = '' } = error as NodeJS.ErrnoException;
  return new CliError('unwritable_file', `${path} cannot be written: ${reasons[code] ?? code}.`, exitCodes.failed, code === 'ENOSPC' || code === 'EDQUOT' ? 'Make room, and give the same command again: it goes on where it was.' : undefined);
}

/** A device would be replaced by a file, and a folder by nothing: both are found before anything is fetched. */
function refuseTarget(path: string, force: boolean): void {
  if (path === '') throw new CliError('usage', '--output names a file, or is - for standard output.', exitCodes.usage);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) throw new CliError('usage', `${path} is a folder.`, exitCodes.usage, 'Name the file, too: -o FOLDER/FILE');
  if (found?.isFile() === false) throw new CliError('usage', `${path} is no file that a download could take the place of.`, exitCodes.usage, 'Write to standard output, and from there: -o - > FILE');
  if (!force && found) throw taken(path);
}

/** `FILE.part` until it is whole. */
export class FileSink implements Sink, AsyncDisposable {
  readonly path: string;
  readonly #file: FileObject;
  readonly #part: string;
  readonly #force: boolean;
  readonly #kept: Kept<typeof DownloadRecord>;
  #handle: FileHandle | undefined;
  #finished = false;
  at = 0;
  etag: string | undefined;
  readonly clear = async (): Promise<void> => {
    await this.#handle?.truncate(0);
    this.at = 0;
    this.etag = undefined;
  };
  constructor(server: string, file: FileObject, path: string, force: boolean) {
    this.path = path;
    this.#file = file;
    this.#part = `${path}.part`;
    this.#force = force;
    this.#kept = new Kept('downloads', DownloadRecord, [server, resolve(path)]);
  }

  /** @throws CliError where the file is there already, or another command writes it */
  async open(): Promise<void> {
    refuseTarget(this.path, this.#force);
    this.#kept.sweep();
    const record = this.#kept.read();
    if (record && runs(record.process)) throw new CliError('download_running', `Another command is writing ${this.path} (process ${record.process.pid}).`, exitCodes.conflict);
    const found = lstatSync(this.#part, { throwIfNoEntry: false });
    const goesOn = record !== undefined && record.file === this.#file.id && found?.isFile() === true && found.size > 0 && found.size <= this.#file.bytes;
    if (found && !record) {
      if (!this.#force) throw taken(this.#part);
      rmSync(this.#part);
    } else if (found && !goesOn) rmSync(this.#part);
    try { this.#handle = await open(this.#part, goesOn ? O_WRONLY | O_NOFOLLOW : O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600); } catch (error) {
      throw unwritable(this.#part, error);
    }
    if (goesOn) this.at = found.size;
    // At once, so that a command that is ended before the first byte has left nothing that the next one does not know.
    this.began(goesOn && record.etag !== '' ? record.etag : undefined);
  }

  began(etag: string | undefined): void {
    this.etag = etag;
    this.#kept.write({ file: this.#file.id, etag: etag ?? '', path: resolve(this.path), process: ownMark() });
  }

  async take(chunk: Buffer): Promise<void> {
    try {
      for (let done = 0; done < chunk.length && this.#handle;) done += (await this.#handle.write(chunk, done, chunk.length - done, this.at + done)).bytesWritten;
    } catch (error) { throw unwritable(this.#part, error); }
    this.at += chunk.length;
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    await this.#handle?.sync();
    if (!this.#force && existsSync(this.path)) throw taken(this.path);
    await rename(this.#part, this.path);
    this.#finished = true;
    this.#kept.remove();
  }

  /** Where nothing has arrived, nothing stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#handle) return;
    await this.#handle.close();
    if (this.at > 0 || this.#finished) return;
    rmSync(this.#part, { force: true });
    this.#kept.remove();
  }
}

export class StdoutSink implements Sink {
  at = 0;
  etag: string | undefined;
  readonly clear = undefined;
  began(etag: string | undefined): void { this.etag = etag; }
  async take(chunk: Buffer): Promise<void> {
    this.at += chunk.length;
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}
