/** A large file: begun or gone on with, sent in parts, completed. What has arrived outlives whatever interrupts the command. */
import type { FileObject } from '#contract/http/files.ts';
import type { Upload } from '#contract/http/uploads.ts';
import { operations } from '#contract/operations.ts';
import { passes, patienceForFiles } from '../client.ts';
import type { Client } from '../client.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { persist } from '../persistence.ts';
import { Kept } from '../record.ts';
import { ownMark, runs } from '../running.ts';
import { bytes as sizeOf } from '../terminal.ts';
import type { Placing, Teller } from './send-file.ts';
import { sendParts } from './send-parts.ts';
import { changedMeanwhile } from './source-file.ts';
import type { SourceFile } from './source-file.ts';
import { arrivedBytes, difference, UploadRecord } from './upload-record.ts';

export interface InParts extends Placing { partBytes: number; /** Forget what has arrived. */ restart: boolean }

const codeOf = (error: unknown): string => (error instanceof CliError ? error.code : '');
const useless = new Set(['file_rows_invalid', 'upload_checksum_mismatch', 'upload_incomplete', 'upload_parts_exceed', 'file_changed']);

export class UploadInParts {
  readonly #client: Client;
  readonly #source: SourceFile;
  readonly #wish: InParts;
  readonly #tell: Teller;
  readonly #kept: Kept<typeof UploadRecord>;
  constructor(client: Client, source: SourceFile, wish: InParts, tell: Teller) {
    this.#client = client;
    this.#source = source;
    this.#wish = wish;
    this.#tell = tell;
    this.#kept = new Kept('uploads', UploadRecord, [client.server, client.project, source.path]);
  }

  /** @throws CliError; what has arrived is kept where the same command could go on with it */
  async send(): Promise<FileObject> {
    this.#kept.sweep();
    const found = await this.#resume();
    if (found && 'file' in found) return this.#done(found.file);
    const record = found?.record ?? await this.#begin();
    try { return this.#done(await this.#finish(record)); } catch (error) {
      if (useless.has(codeOf(error))) { await this.#giveUp(record); throw error; }
      if (!passes(error)) throw error;
      throw new CliError(codeOf(error), `${(error as CliError).message} ${sizeOf(arrivedBytes(record))} have arrived and are kept for a day.`, (error as CliError).exitCode, 'Go on where it was: the same command again');
    }
  }

  #done(file: FileObject): FileObject {
    this.#kept.remove();
    return file;
  }

  async #show(upload: string): Promise<Upload> { return await this.#client.callPatiently(operations.showUpload, { params: { upload } }); }

  /** What an earlier command came to, if it is of use. */
  async #resume(): Promise<{ record: UploadRecord } | { file: FileObject } | undefined> {
    const record = this.#kept.read();
    if (!record) return undefined;
    if (this.#wish.restart) { await this.#giveUp(record); return undefined; }
    if (runs(record.process)) throw new CliError('upload_running', `Another command is uploading this file (process ${record.process.pid}).`, exitCodes.conflict, 'Wait for it, or start anew: --restart');
    const changed = difference(record, this.#source, this.#wish);
    if (changed !== undefined) { await this.#giveUp(record); return this.#anew(changed); }
    let upload: Upload;
    try { upload = await this.#show(record.upload); } catch (error) {
      if (codeOf(error) !== 'upload_not_found') throw error;
      return this.#anew('The server has no longer what had arrived: the upload starts anew.');
    }
    if (upload.file) return { file: upload.file };
    if (upload.status !== 'pending') return this.#anew('What had arrived was given up meanwhile: the upload starts anew.');
    const there = new Map(upload.parts.map(({ id, bytes }) => [id, bytes]));
    const parts = record.parts.filter(({ id, bytes }) => there.get(id) === bytes);
    if (parts.length > 0) this.#tell.note(`Going on where it was: ${sizeOf(arrivedBytes({ ...record, parts }))} of ${sizeOf(record.bytes)} have arrived.`);
    return { record: this.#keep({ ...record, parts, process: ownMark() }) };
  }

  #anew(why: string): undefined {
    this.#kept.remove();
    this.#tell.note(why);
    return undefined;
  }

  #keep(record: UploadRecord): UploadRecord {
    this.#kept.write(record);
    return record;
  }

  async #begin(): Promise<UploadRecord> {
    const { purpose, datastore, partBytes } = this.#wish;
    const { path, name, bytes, modified } = this.#source;
    const begin = { filename: name, purpose, bytes, mime_type: 'application/octet-stream', ...(datastore === undefined ? {} : { datastore }) };
    const { id } = await this.#client.call(operations.createUpload, { body: begin });
    return this.#keep({ upload: id, path, bytes, modified, purpose, datastore: datastore ?? null, partBytes, parts: [], process: ownMark() });
  }

  async #finish(record: UploadRecord): Promise<FileObject> {
    const stop = new AbortController();
    // Read beside the sending: the file is in memory of the system then, if it is anywhere.
    const md5 = this.#source.md5(stop.signal);
    md5.catch(() => undefined);
    try { await sendParts(this.#client, this.#source, record, (each) => this.#keep(each), this.#tell, stop.signal); } catch (error) { stop.abort(error); throw error; }
    const digest = await md5;
    if (!await this.#source.isUnchanged()) throw changedMeanwhile();
    this.#tell.finishing();
    const ids = record.parts.toSorted((a, b) => a.at - b.at).map(({ id }) => id);
    return await persist(this.#client, stop.signal, async () => await this.#complete(record.upload, ids, digest));
  }

  /** An answer may have been lost: what the server has is asked for first, and where it says that nothing is left to do. */
  async #complete(upload: string, parts: string[], md5: string): Promise<FileObject> {
    const { file } = await this.#show(upload);
    if (file) return file;
    try {
      const done = await this.#client.call(operations.completeUpload, { params: { upload }, body: { part_ids: parts, md5 } }, {}, patienceForFiles);
      if (done.file) return done.file;
    } catch (error) {
      if (codeOf(error) !== 'upload_closed') throw error;
      const now = await this.#show(upload);
      if (now.file) return now.file;
      throw error;
    }
    throw new CliError('unexpected_answer', 'The server completed the upload and gave no file.', exitCodes.failed);
  }

  /** The server destroys what has arrived: at once if it hears of it, else after a day. */
  async #giveUp({ upload }: UploadRecord): Promise<void> {
    await this.#client.call(operations.cancelUpload, { params: { upload }, body: {} }).catch(() => undefined);
    this.#kept.remove();
  }
}
