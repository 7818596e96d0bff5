/** OpenAI's Uploads API: a file in parts, so that a broken connection costs one part. */
import { z } from 'zod';
import { content, personal, pub } from '../marks.ts';
import { Name, PartId, UploadId } from '../names.ts';
import { operation } from '../operation.ts';
import { FileObject, Filename, FilePurpose, mostFileBytes } from './files.ts';

/** Of one upload. */
export const mostParts = 10_000;
export const UploadPart = z.object({ id: pub(PartId), object: pub(z.literal('upload.part')), created_at: pub(z.int()), upload_id: pub(UploadId), /** Before sealing. */ bytes: pub(z.int()) });
export type UploadPart = z.output<typeof UploadPart>;
export const Upload = z.object({
  id: pub(UploadId), object: pub(z.literal('upload')), bytes: pub(z.int()), created_at: pub(z.int()), expires_at: pub(z.int()),
  filename: personal(Filename), purpose: pub(FilePurpose), status: pub(z.enum(['pending', 'completed', 'cancelled', 'expired'])), file: FileObject.nullable(),
  /** What has arrived, in the order of arrival. */
  parts: z.array(UploadPart),
});
export type Upload = z.output<typeof Upload>;

const upload = z.object({ upload: pub(z.string().max(63)) });
const paths = (rest: string) => [`/openai/v1/uploads${rest}`, `/openai/uploads${rest}`] as const;
const keyErrors = ['customer_key_denied', 'customer_key_unreachable', 'key_custody_unavailable'] as const;

export const createUpload = operation({
  id: 'createUpload', summary: 'Begin a file that arrives in parts; unfinished ones are destroyed after a day', tag: 'files', method: 'POST', path: '/v1/uploads', aliases: paths(''), access: 'project', servedBy: 'control',
  request: z.strictObject({ filename: personal(Filename), purpose: pub(FilePurpose), bytes: pub(z.int().min(0).max(mostFileBytes)), mime_type: pub(z.string().max(100)), datastore: pub(Name.optional()) }),
  response: Upload, errors: ['invalid_request', 'unknown_parameter', 'datastore_not_found'],
});
export const showUpload = operation({
  id: 'showUpload', summary: 'Show an upload and the parts that have arrived', tag: 'files', method: 'GET', path: '/v1/uploads/{upload}', aliases: paths('/{upload}'), access: 'project', servedBy: 'control', params: upload,
  response: Upload, errors: ['upload_not_found'],
});
export const addUploadPart = operation({
  id: 'addUploadPart', summary: 'Add a part of at most 64 MiB, sealed while it arrives', tag: 'files', method: 'POST', path: '/v1/uploads/{upload}/parts', aliases: paths('/{upload}/parts'), access: 'project', servedBy: 'gateway', params: upload,
  requestMedia: 'multipart/form-data', request: z.strictObject({ data: content(z.string()) }), response: UploadPart,
  errors: ['invalid_request', 'invalid_multipart', 'unsupported_media_type', 'upload_not_found', 'upload_closed', 'upload_parts_exceed', 'file_too_large', 'storage_full', 'datastore_unreachable', 'request_timeout', ...keyErrors],
});
export const completeUpload = operation({
  id: 'completeUpload', summary: 'Make the file of its parts, in the given order: opened, checked as a whole and sealed anew', tag: 'files', method: 'POST', path: '/v1/uploads/{upload}/complete', aliases: paths('/{upload}/complete'),
  access: 'project', servedBy: 'gateway', params: upload,
  request: z.strictObject({ part_ids: pub(z.array(PartId).min(1).max(mostParts)), md5: pub(z.string().regex(/^[0-9a-f]{32}$/i).optional()) }), response: Upload,
  errors: ['invalid_json', 'invalid_request', 'upload_not_found', 'upload_closed', 'part_not_found', 'upload_incomplete', 'upload_checksum_mismatch', 'file_rows_invalid', 'storage_full', 'datastore_unreachable', 'sealed_data_invalid', ...keyErrors],
});
export const cancelUpload = operation({
  id: 'cancelUpload', summary: 'Give an upload up: its parts are destroyed', tag: 'files', method: 'POST', path: '/v1/uploads/{upload}/cancel', aliases: paths('/{upload}/cancel'), access: 'project', servedBy: 'control', params: upload,
  request: z.looseObject({}), response: Upload, errors: ['upload_not_found', 'upload_closed'],
});
