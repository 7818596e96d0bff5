/** Files as the API shows them. */
import type { FileObject } from '#contract/http/files.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader } from '../storage/storage.ts';

const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

/** Files that are there: neither still arriving nor being deleted. */
export const filesOf = (db: Reader, projectId: string) => db.selectFrom('files').innerJoin('datastores', 'datastores.id', 'files.datastore_id')
  .select(['files.id', 'files.filename', 'files.purpose', 'files.bytes', 'files.rows', 'files.path', 'files.object_id', 'files.created_at', 'files.created_by', 'files.expires_at', 'files.datastore_id', 'datastores.name as datastore', 'datastores.geography'])
  .where('files.project_id', '=', projectId).where('files.state', '=', 'ready');
export type FileRow = Awaited<ReturnType<ReturnType<typeof filesOf>['executeTakeFirstOrThrow']>>;

/** @throws Refusal file_not_found */
export async function findFile(db: Reader, projectId: string, id: string): Promise<FileRow> {
  const row = await filesOf(db, projectId).where('files.id', '=', id).executeTakeFirst();
  if (!row) throw new Refusal('file_not_found', 'file');
  return row;
}

export const viewFile = (row: FileRow): FileObject => ({
  id: row.id, object: 'file', bytes: row.bytes, created_at: seconds(row.created_at), expires_at: row.expires_at === null ? null : seconds(row.expires_at), filename: row.filename, purpose: row.purpose,
  status: 'processed', status_details: null, rows: row.rows, datastore: row.datastore, datastore_id: row.datastore_id, geography: row.geography, storage: row.path === null ? 'sealed' : 'designated', created_by: row.created_by,
});
