/** One file on its way to the server: as a whole, or in parts, of which those that arrived are not sent again. */
import type { FileObject, FilePurpose } from '#contract/http/files.ts';
import { ApiError, call } from '../../api/call.ts';
import { sendForm } from '../../api/send-form.ts';
import type { FormSending } from '../../api/send-form.ts';
import { inProject } from '../../api/session-headers.ts';
import { partsOf, wholeUpTo } from './parts.ts';
import type { Part } from './parts.ts';

/** What is to be made of the file. `datastore`: undefined for the project's default. */
export interface Order { project: string; purpose: FilePurpose; datastore: string | undefined }
/** How far an upload in parts has come: with it, a second attempt goes on where the first one ended. */
export interface Begun { upload: string | undefined; parts: string[] }
/** `checking`: every byte was sent, and the server checks and seals. `waiting`: the connection broke; `retryMs` until it is tried again. */
export type Stage = { at: 'sending' } | { at: 'checking' } | { at: 'waiting'; retryMs: number };
export interface Told { signal: AbortSignal; onSent: (bytes: number) => void; onStage: (stage: Stage) => void }

/** Some minutes in all: a cable that was pulled, a server that is restarted. */
const pausesMs = [1000, 2000, 4000, 8000, 15_000, ...Array.from({ length: 9 }, () => 30_000)];

/** @throws ApiError; the abort's own error */
export async function transfer(file: File, order: Order, begun: Begun, told: Told): Promise<FileObject> {
  try {
    return file.size <= wholeUpTo ? await whole(file, order, told) : await inParts(file, order, begun, told);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'unreachable' || await isReadable(file)) throw error;
    throw new ApiError('unreachable', 'The file was changed, moved or removed since it was chosen. Choose it again.', 0);
  }
}

/** Given up: what has arrived of it is destroyed. */
export async function giveUp({ upload }: Begun, { project }: Order): Promise<void> {
  if (upload !== undefined) await call('cancelUpload', { params: { upload }, body: {} }, inProject(project)).catch(() => undefined);
}

async function whole(file: File, { project, purpose, datastore }: Order, told: Told): Promise<FileObject> {
  const form = new FormData();
  form.append('purpose', purpose);
  if (datastore !== undefined) form.append('datastore', datastore);
  form.append('file', file, file.name);
  told.onStage({ at: 'sending' });
  return await sendForm('createFile', {}, form, countingTo(file.size, project, told, () => told.onStage({ at: 'checking' })));
}

async function inParts(file: File, { project, purpose, datastore }: Order, begun: Begun, told: Told): Promise<FileObject> {
  const headers = inProject(project);
  const { signal } = told;
  begun.upload ??= (await call('createUpload', { body: { filename: file.name, purpose, bytes: file.size, mime_type: file.type === '' ? 'application/octet-stream' : file.type.slice(0, 100), ...(datastore === undefined ? {} : { datastore }) }, signal }, headers)).id;
  const upload = begun.upload;
  for (const part of partsOf(file.size).slice(begun.parts.length)) begun.parts.push(await patiently(told, async () => await sendPart(file, part, upload, project, told)));
  told.onStage({ at: 'checking' });
  return await complete(upload, begun.parts, headers, signal);
}

async function sendPart(file: File, { from, to }: Part, upload: string, project: string, told: Told): Promise<string> {
  const form = new FormData();
  form.append('data', file.slice(from, to), 'part');
  told.onStage({ at: 'sending' });
  told.onSent(from);
  const sending = countingTo(to - from, project, { ...told, onSent: (bytes) => told.onSent(from + bytes) });
  return (await sendForm('addUploadPart', { params: { upload } }, form, sending)).id;
}

/** A part is sent again by itself where the server was not reached or is restarting, not where it refuses. */
async function patiently<T>({ signal, onStage }: Told, work: () => Promise<T>): Promise<T> {
  for (const retryMs of pausesMs) {
    try { return await work(); } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 0 && error.status !== 503)) throw error;
      onStage({ at: 'waiting', retryMs });
      await pause(retryMs, signal);
    }
  }
  return await work();
}

/** Where the answer was lost on its way, the file is there all the same. */
async function complete(upload: string, part_ids: string[], headers: Record<string, string>, signal: AbortSignal): Promise<FileObject> {
  const made = await call('completeUpload', { params: { upload }, body: { part_ids }, signal }, headers).catch(async (error: unknown) => {
    if (!(error instanceof ApiError) || error.code !== 'upload_closed') throw error;
    return await call('showUpload', { params: { upload }, signal }, headers);
  });
  if (made.file === null) throw new ApiError('upload_closed', 'This upload has expired or was cancelled. Send the file again.', 409);
  return made.file;
}

/** The form is a little longer than what is in it. */
function countingTo(size: number, project: string, { signal, onSent }: Told, onAll?: () => void): FormSending {
  return { project, signal, onSent: (bytes) => { onSent(Math.min(bytes, size)); if (bytes > size) onAll?.(); } };
}

async function isReadable(file: File): Promise<boolean> {
  try { await file.slice(0, 1).arrayBuffer(); return true; } catch { return false; }
}

/** Shorter where the browser says that there is a network again. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    over.signal.addEventListener('abort', () => clearTimeout(timer));
    window.addEventListener('online', () => resolve(), { signal: over.signal });
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal });
  }).finally(() => over.abort());
}
