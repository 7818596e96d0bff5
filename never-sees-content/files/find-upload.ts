/** Uploads as the API shows them. */
import type { Selectable } from 'kysely';
import { mostParts } from '#contract/http/uploads.ts';
import type { Upload, UploadPart } from '#contract/http/uploads.ts';
import type { DatastoreTables } from '../datastores/tables.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader } from '../storage/storage.ts';
import { filesOf, viewFile } from './find-file.ts';

export type UploadRow = Selectable<DatastoreTables['uploads']>;
const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

/** @throws Refusal upload_not_found */
export async function findUpload(db: Reader, projectId: string, id: string): Promise<UploadRow> {
  const row = await db.selectFrom('uploads').selectAll().where('project_id', '=', projectId).where('id', '=', id).executeTakeFirst();
  if (!row) throw new Refusal('upload_not_found', 'upload');
  return row;
}

/** @throws Refusal upload_not_found, upload_closed */
export async function findOpenUpload(db: Reader, projectId: string, id: string): Promise<UploadRow> {
  const row = await findUpload(db, projectId, id);
  if (row.state !== 'pending' || Date.parse(row.expires_at) <= Date.now()) throw new Refusal('upload_closed', 'upload');
  return row;
}

/** Parts that are sent anew after a lost answer have room; a disk does not fill with what no file can be made of. @throws Refusal upload_parts_exceed */
export async function requireRoom(db: Reader, upload: UploadRow): Promise<void> {
  const { parts, bytes } = await db.selectFrom('upload_parts').where('upload_id', '=', upload.id).select(({ fn }) => [fn.countAll<string>().as('parts'), fn.sum<string | null>('bytes').as('bytes')]).executeTakeFirstOrThrow();
  if (Number(parts) >= mostParts || Number(bytes ?? 0) > 2 * upload.bytes) throw new Refusal('upload_parts_exceed', 'upload');
}

export const viewPart = (row: { id: string; upload_id: string; bytes: number; created_at: string }): UploadPart => ({ id: row.id, object: 'upload.part', created_at: seconds(row.created_at), upload_id: row.upload_id, bytes: row.bytes });

export async function viewUpload(db: Reader, row: UploadRow): Promise<Upload> {
  const parts = await db.selectFrom('upload_parts').innerJoin('objects', 'objects.id', 'upload_parts.object_id').select(['upload_parts.id', 'upload_parts.upload_id', 'upload_parts.bytes', 'upload_parts.created_at'])
    .where('upload_id', '=', row.id).where('objects.state', '=', 'stored').orderBy('upload_parts.created_at').execute();
  const file = row.file_id === null ? undefined : await filesOf(db, row.project_id).where('files.id', '=', row.file_id).executeTakeFirst();
  return {
    id: row.id, object: 'upload', bytes: row.bytes, created_at: seconds(row.created_at), expires_at: seconds(row.expires_at), filename: row.filename, purpose: row.purpose, status: row.state,
    file: file ? viewFile(file) : null, parts: parts.map(viewPart),
  };
}
