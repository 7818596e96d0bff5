/** Datastores: where a project's files lie, and in which geography. */
import { z } from 'zod';
import { personal, pub, secret } from '../marks.ts';
import { DatastoreId, Name, Time } from '../names.ts';
import { operation } from '../operation.ts';
import { FileObject, Filename, FilePurpose } from './files.ts';

const Bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
const Prefix = z.string().max(512).regex(/^(?!\/)[^\p{Cc}\\]*$/u).refine((value) => !value.split('/').includes('..'), 'no ".."');
/** `use`: `sealed` for files that are uploaded; `designated` for data that is there already, which is read with the customer's own credential and never copied unless asked. */
export const Placement = z.discriminatedUnion('kind', [
  z.strictObject({ kind: pub(z.literal('filesystem')), /** Absolute path below one of the roots that the operator allows; only to designate. Null: the installation's own. */ path: personal(z.string().startsWith('/').max(1000).nullable().default(null)) }),
  z.strictObject({ kind: pub(z.literal('s3')), endpoint: personal(z.url({ protocol: /^https?$/ })), region: pub(z.string().regex(/^[a-z0-9-]{1,40}$/)), bucket: personal(Bucket), prefix: personal(Prefix.default('')) }),
]);
export const Datastore = z.object({
  id: pub(DatastoreId), name: pub(Name), use: pub(z.enum(['sealed', 'designated'])), geography: pub(Name), default: pub(z.boolean()), place: Placement,
  files: pub(z.int()), bytes: pub(z.int()), createdAt: pub(Time), createdBy: personal(z.string()),
});
export type Datastore = z.output<typeof Datastore>;
const datastore = z.object({ datastore: pub(z.string().max(63)) });

export const createDatastore = operation({
  id: 'createDatastore', summary: 'Add a datastore; a credential is sealed in key custody and never shown again', tag: 'data', method: 'POST', path: '/api/datastores', access: 'people', servedBy: 'gateway',
  request: z.strictObject({
    name: pub(Name), use: pub(z.enum(['sealed', 'designated'])), geography: pub(Name.optional()), place: Placement,
    credential: secret(z.strictObject({ accessKeyId: z.string().min(1).max(256), secretAccessKey: z.string().min(1).max(512), sessionToken: z.string().max(4096).optional() }).optional()),
  }),
  response: Datastore, status: 201, errors: ['invalid_json', 'invalid_request', 'unknown_parameter', 'name_taken', 'geography_refused', 'path_refused', 'datastore_unreachable', 'datastore_refused', 'key_custody_unavailable'],
});
export const listDatastores = operation({
  id: 'listDatastores', summary: 'List the datastores of the project', tag: 'data', method: 'GET', path: '/api/datastores', access: 'read', servedBy: 'control', response: z.object({ data: z.array(Datastore) }), errors: [],
});
export const deleteDatastore = operation({
  id: 'deleteDatastore', summary: 'Remove a datastore that holds no files; its credential is destroyed', tag: 'data', method: 'DELETE', path: '/api/datastores/{datastore}', access: 'people', servedBy: 'control', params: datastore,
  response: z.object({ id: pub(DatastoreId), deleted: pub(z.literal(true)) }), errors: ['datastore_not_found', 'datastore_in_use', 'key_custody_unavailable'],
});
export const designateFile = operation({
  id: 'designateFile', summary: 'Name data that is already in a datastore as a file; "copy" seals a copy instead', tag: 'data', method: 'POST', path: '/api/datastores/{datastore}/files', access: 'project', servedBy: 'gateway', params: datastore,
  request: z.strictObject({ path: personal(Filename.or(Prefix.min(1))), purpose: pub(FilePurpose), copy: pub(z.boolean().default(false)) }),
  response: FileObject, status: 201, errors: ['invalid_json', 'invalid_request', 'datastore_not_found', 'datastore_unreachable', 'datastore_refused', 'path_refused', 'file_not_found', 'file_rows_invalid', 'file_too_large', 'key_custody_unavailable'],
});
