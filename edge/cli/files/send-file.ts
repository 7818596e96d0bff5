/** A small file in one request: all of it is stored, or nothing. */
import type { FileObject, FilePurpose } from '#contract/http/files.ts';
import { operations } from '#contract/operations.ts';
import { ServerError } from '../client.ts';
import type { Client } from '../client.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { persist, Pulse } from '../persistence.ts';
import { formOf } from './form.ts';
import { changedMeanwhile } from './source-file.ts';
import type { SourceFile } from './source-file.ts';

/** How long the server may take to answer once it has all, in milliseconds. */
const answerWait = 10 * 60_000;

export interface Placing { purpose: FilePurpose; datastore: string | undefined }
/** What is told while bytes travel. */
export interface Teller {
  /** Bytes of the file that have been sent, or are under way. */
  sent(bytes: number): void;
  finishing(): void;
  /** A sentence of what happened. */
  note(sentence: string): void;
}

/** Again where the server refused it for the moment. Where it did not answer nobody knows whether it has the file. @throws CliError */
export async function sendFile(client: Client, source: SourceFile, { purpose, datastore }: Placing, tell: Teller): Promise<FileObject> {
  const whole = new AbortController().signal;
  const file = await persist(client, whole, async () => {
    const pulse = new Pulse(whole);
    let sent = 0;
    const form = formOf({ purpose, datastore }, { field: 'file', name: source.name, bytes: source.bytes, read: () => source.read(0, source.bytes) }, (bytes) => {
      tell.sent(sent += bytes);
      if (sent === source.bytes) { pulse.beat(answerWait); tell.finishing(); } else pulse.beat();
    });
    try { return await client.sendForm(operations.createFile, undefined, form, pulse.signal); } catch (error) {
      if (error instanceof ServerError || !(error instanceof CliError) || error.code !== 'unreachable' || sent === 0) throw error;
      throw new CliError('unanswered', `${error.message} Whether the file has arrived is not known.`, exitCodes.unreachable, 'See whether it is there: modelkeep data list');
    } finally { pulse.end(); }
  });
  if (await source.isUnchanged()) return file;
  await client.call(operations.deleteFile, { params: { file: file.id } });
  throw changedMeanwhile();
}
