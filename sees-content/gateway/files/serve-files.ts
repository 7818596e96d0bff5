/** The operations on files that carry their content, and those that take a credential to key custody: what control is not given. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '#contract/internal/principal.ts';
import { parseJson, readBody, requireJson } from '../request-body.ts';
import { createDatastore } from '../datastores/create-datastore.ts';
import { designateFile } from '../datastores/designate-file.ts';
import { setCustomerKey } from '../encryption/set-customer-key.ts';
import type { Match } from '../router.ts';
import { addPart } from './add-part.ts';
import { completeUpload } from './complete-upload.ts';
import { createFile } from './create-file.ts';
import { fileContent } from './file-content.ts';
import type { FileAnswer } from './file-content.ts';
import type { FileParts } from './store-content.ts';

export interface FileCall { request: IncomingMessage; match: Match; principal: Principal; maxBodyBytes: number; /** What was received, for the receipt. */ received: (body: Buffer) => void }

/** True for operations that are answered here. */
export const isFileOperation = (id: string): boolean => id in handlers;

type Handler = (call: FileCall, parts: FileParts) => Promise<object | FileAnswer>;
const handlers: Record<string, Handler> = {
  createFile: ({ request, principal }, parts) => createFile(request, principal, parts),
  addUploadPart: ({ request, principal, match }, parts) => addPart(request, principal, match.params['upload'] ?? '', parts),
  completeUpload: async (call, parts) => completeUpload(await jsonOf(call), call.principal, call.match.params['upload'] ?? '', parts),
  fileContent: ({ request, principal, match }, parts) => fileContent(request, principal, match.params['file'] ?? '', parts),
  createDatastore: async (call, parts) => createDatastore(await jsonOf(call), call.principal, parts),
  designateFile: async (call, parts) => designateFile(await jsonOf(call), call.principal, call.match.params['datastore'] ?? '', parts),
  setCustomerKey: async (call, parts) => setCustomerKey(await jsonOf(call), call.principal, parts),
};

/** Those that hold a connection to control for as long as the client takes. */
const transfers = new Set(['createFile', 'addUploadPart', 'completeUpload', 'fileContent', 'designateFile']);

/** @returns what is to be answered as JSON, or a file. @throws GatewayError */
export async function serveFiles(call: FileCall, parts: FileParts): Promise<object | FileAnswer> {
  const { id } = call.match.operation;
  const handler = handlers[id];
  if (!handler) throw new TypeError('not an operation on files');
  if (!transfers.has(id)) return await handler(call, parts);
  const giveBack = await parts.shares.take(call.principal.projectId ?? '');
  try {
    const answer = await handler(call, parts);
    if (isFile(answer)) return { ...answer, end: () => { answer.end(); giveBack(); } };
    giveBack();
    return answer;
  } catch (error) { giveBack(); throw error; }
}

async function jsonOf({ request, maxBodyBytes, received }: FileCall): Promise<unknown> {
  requireJson(request.headers);
  const body = await readBody(request, maxBodyBytes);
  received(body);
  return parseJson(body);
}

export const isFile = (answer: object): answer is FileAnswer => 'bytes' in answer && 'signal' in answer;

/** Milliseconds that a client may take nothing. */
const stalledMs = 60_000;

/** Sends a file. `passed` sees each part before it goes. @returns whether all of it went; if not, the connection is broken, so that the client cannot take it for the whole */
export async function sendFile({ bytes, signal, end }: FileAnswer, response: ServerResponse, passed: (chunk: Buffer) => void): Promise<boolean> {
  const stop = (): void => { response.destroy(); };
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of bytes) {
      // Of a response that is gone nothing is heard any more.
      if (response.destroyed) return false;
      passed(chunk);
      if (!response.write(chunk)) await drained(response);
    }
    if (response.destroyed) return false;
    await new Promise<void>((resolve) => { response.end(resolve); response.once('close', resolve); });
    return response.writableFinished;
  } catch { response.destroy(); return false; } finally { signal.removeEventListener('abort', stop); end(); }
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => response.destroy(), stalledMs);
    const done = (): void => { clearTimeout(late); response.off('drain', done).off('close', done); resolve(); };
    response.once('drain', done).once('close', done);
  });
}
