/** OpenAI's Files API. A file is content: it is sealed on its way in, and opened for its owner alone. */
import { z } from 'zod';
import { content, personal, pub } from '../marks.ts';
import { DatastoreId, FileId, Name } from '../names.ts';
import { operation } from '../operation.ts';

/** What a file is for. Rows of `fine-tune`, `evals` and `batch` are read and checked while they arrive; the others are taken as they are. */
export const FilePurpose = z.enum(['fine-tune', 'evals', 'batch', 'user_data', 'assistants']);
export type FilePurpose = z.output<typeof FilePurpose>;

/** The name that its owner gave it: shown to the project, never in a log. */
export const Filename = z.string().min(1).max(512).regex(/^[^\p{Cc}/\\]+$/u, 'a name without slashes and control characters');

/** Bytes. */
export const mostFileBytes = 5 * 2 ** 30;
export const mostPartBytes = 64 * 2 ** 20;

export const FileObject = z.object({
  id: pub(FileId), object: pub(z.literal('file')),
  /** Of what was uploaded, before sealing. */
  bytes: pub(z.int().min(0)),
  /** Unix seconds. */
  created_at: pub(z.int()), expires_at: pub(z.int().nullable()),
  filename: personal(Filename), purpose: pub(FilePurpose),
  status: pub(z.enum(['uploaded', 'processed', 'error'])), status_details: pub(z.null()),
  /** Rows, where they were checked. */
  rows: pub(z.int().min(0).nullable()),
  datastore: pub(Name), datastore_id: pub(DatastoreId), geography: pub(Name),
  /** `sealed`: in two layers, by us. `designated`: it lies where its owner has it, and was not copied. */
  storage: pub(z.enum(['sealed', 'designated'])),
  created_by: personal(z.string()),
});
export type FileObject = z.output<typeof FileObject>;

/** Form fields beside `file`. */
export const FileFields = z.strictObject({ purpose: pub(FilePurpose), datastore: pub(Name.optional()) });

const file = z.object({ file: pub(z.string().max(63)) });
const paths = (rest: string) => [`/openai/v1/files${rest}`, `/openai/files${rest}`] as const;
const keyErrors = ['customer_key_denied', 'customer_key_unreachable', 'key_custody_unavailable'] as const;

export const createFile = operation({
  id: 'createFile', summary: 'Upload a file: sealed in two layers while it arrives, rows checked, all or nothing', tag: 'files', method: 'POST', path: '/v1/files', aliases: paths(''),
  access: 'project', servedBy: 'gateway', requestMedia: 'multipart/form-data', request: FileFields.extend({ file: content(z.string()) }), response: FileObject,
  errors: ['invalid_request', 'invalid_multipart', 'unsupported_media_type', 'file_rows_invalid', 'file_too_large', 'datastore_not_found', 'datastore_unreachable', 'storage_full', 'request_timeout', ...keyErrors],
});
export const listFiles = operation({
  id: 'listFiles', summary: 'List the files of the project', tag: 'files', method: 'GET', path: '/v1/files', aliases: paths(''), access: 'read', servedBy: 'control',
  query: z.object({
    purpose: pub(FilePurpose.optional()), limit: pub(z.coerce.number().int().min(1).max(10_000).default(10_000)), after: pub(z.string().max(63).regex(/^\w*$/).optional()), order: pub(z.enum(['asc', 'desc']).default('desc')),
    'api-version': pub(z.string().max(40).optional()),
  }),
  response: z.object({ object: pub(z.literal('list')), data: z.array(FileObject), has_more: pub(z.boolean()), first_id: pub(FileId.nullable()), last_id: pub(FileId.nullable()) }), errors: ['invalid_request'],
});
export const retrieveFile = operation({
  id: 'retrieveFile', summary: 'Show what is known of a file', tag: 'files', method: 'GET', path: '/v1/files/{file}', aliases: paths('/{file}'), access: 'read', servedBy: 'control', params: file,
  response: FileObject, errors: ['file_not_found'],
});
export const fileContent = operation({
  id: 'fileContent', summary: 'Download a file: for those who work in its project and for whoever uploaded it; an operator may not', tag: 'files', method: 'GET', path: '/v1/files/{file}/content', aliases: paths('/{file}/content'),
  access: 'project', servedBy: 'gateway', params: file, media: 'application/octet-stream', response: content(z.string()),
  errors: ['file_not_found', 'content_not_yours', 'range_not_satisfiable', 'sealed_data_invalid', 'datastore_unreachable', 'datastore_refused', 'path_refused', ...keyErrors],
});
export const deleteFile = operation({
  id: 'deleteFile', summary: 'Delete a file: its data keys are destroyed, its bytes erased, every known copy is tried, and a certificate is in the ledger (GET /api/ledger/deletions/{id})', tag: 'files', method: 'DELETE',
  path: '/v1/files/{file}', aliases: paths('/{file}'), access: 'project', servedBy: 'control', params: file,
  response: z.object({ id: pub(FileId), object: pub(z.literal('file')), deleted: pub(z.literal(true)) }), errors: ['file_not_found', 'key_custody_unavailable', 'datastore_unreachable'],
});
