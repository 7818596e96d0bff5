/** The files of an audit: one that stands for any, an upload that stays open, and how all of them are taken back. */
import { operations } from '#contract/operations.ts';
import { AuditError } from '../audit-error.ts';
import { sentTo } from '../matrix/send.ts';
import type { Sent } from '../matrix/send.ts';
import type { Api } from './api.ts';
import type { Door } from './door.ts';
import { idOf } from './journey.ts';

export interface OwnFiles { file: string; upload: string }

/** Bytes that no audit reaches: the upload stays open. */
const never = 2 ** 30;

/** @throws AuditError api_refused */
export async function makeOwnFiles(open: Door, token: string): Promise<OwnFiles> {
  const made = async (operation: typeof operations.createFile | typeof operations.createUpload, sent: Sent): Promise<string> => {
    const answer = await open.send(sent, { authorization: `Bearer ${token}` });
    if (idOf(answer) === '') throw new AuditError('api_refused', `${operation.id} ${answer.status ?? 'no answer'}`);
    return idOf(answer);
  };
  const { createFile, createUpload } = operations;
  return {
    file: await made(createFile, sentTo(createFile, createFile.path, { body: { purpose: 'user_data', file: 'audit' } })),
    upload: await made(createUpload, sentTo(createUpload, createUpload.path, { body: { filename: 'audit.txt', purpose: 'user_data', bytes: never, mime_type: 'text/plain' } })),
  };
}

/** Deletes every file of the project. */
export async function sweepFiles(api: Api): Promise<void> {
  for (const { id } of (await api.ask(operations.listFiles)).data) await api.call(operations.deleteFile, { params: { file: id } }, [404]);
}
