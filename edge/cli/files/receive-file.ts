/** A file's bytes from the server, from where the last attempt ended. */
import type { FileObject } from '#contract/http/files.ts';
import { operations } from '#contract/operations.ts';
import type { Client } from '../client.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { persist, Pulse } from '../persistence.ts';

/** Where the bytes go. */
export interface Sink {
  /** How many are there. */
  at: number;
  /** What the server called this state of the file when the first of them came. */
  etag: string | undefined;
  /** Undefined where nothing can be taken back. */
  clear: (() => Promise<void>) | undefined;
  began(etag: string | undefined): void;
  take(chunk: Buffer): Promise<void>;
}

const headerOf = (headers: Record<string, string | string[] | undefined>, name: string): string | undefined => { const value = headers[name]; return typeof value === 'string' ? value : undefined; };
const brokenOff = (): CliError => new CliError('unreachable', 'The download broke off.', exitCodes.unreachable);

/** Opens the file from where the sink is, or, where the server has another state of it or sends it whole, from its beginning. */
async function openAt(client: Client, file: FileObject, sink: Sink, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
  if (sink.etag === undefined) await startAnew(sink);
  const { at, etag } = sink;
  const answer = await client.open(operations.fileContent, { params: { file: file.id } }, at > 0 ? { range: `bytes=${at}-`, 'if-range': etag ?? '' } : {}, signal);
  const found = headerOf(answer.headers, 'etag');
  const goesOn = answer.statusCode === 206 && found === etag && headerOf(answer.headers, 'content-range') === `bytes ${at}-${file.bytes - 1}/${file.bytes}`;
  if (!goesOn) await startAnew(sink);
  if (answer.statusCode === 206 && !goesOn) { answer.body.destroy(); throw brokenOff(); }
  sink.began(found);
  return answer.body;
}

async function attempt(client: Client, file: FileObject, sink: Sink, onBytes: () => void, outer: AbortSignal): Promise<void> {
  const pulse = new Pulse(outer);
  try {
    for await (const chunk of await openAt(client, file, sink, pulse.signal)) {
      pulse.beat();
      if (sink.at + chunk.length > file.bytes) throw new CliError('unexpected_answer', 'The server sent more than the file has.', exitCodes.failed);
      await sink.take(chunk);
      onBytes();
    }
  } catch (error) {
    pulse.signal.throwIfAborted();
    throw error instanceof CliError ? error : brokenOff();
  } finally { pulse.end(); }
  if (sink.at < file.bytes) throw brokenOff();
}

async function startAnew(sink: Sink): Promise<void> {
  if (sink.at === 0) return;
  if (!sink.clear) throw new CliError('download_broken', 'The download broke off, and what is written already cannot be taken back.', exitCodes.unreachable, 'Download it to a file: -o FILE');
  await sink.clear();
}

/** @throws CliError */
export async function receiveFile(client: Client, file: FileObject, sink: Sink, onBytes: () => void, signal: AbortSignal): Promise<void> {
  let before = sink.at;
  // All of it is there already, but for its name.
  if (sink.at === file.bytes && sink.etag !== undefined) return;
  await persist(client, signal, async () => { before = sink.at; await attempt(client, file, sink, onBytes, signal); }, () => sink.at > before);
}
