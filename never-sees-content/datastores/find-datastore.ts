/** A project's datastores. The first one, `default`, is the installation's own folder, and is there when it is needed. */
import type { Selectable } from 'kysely';
import type { Datastore } from '#contract/http/datastores.ts';
import { identifier } from '../identity/identifier.ts';
import type { LedgerEntryInput } from '../ledger/entry.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader, Writer } from '../storage/storage.ts';
import type { DatastoreTables } from './tables.ts';

export type DatastoreRow = Selectable<DatastoreTables['datastores']>;

/** Until this change is committed: a deletion of the project comes before it or after. @throws Refusal project_not_found */
export async function holdProject(tx: Writer, id: string): Promise<void> {
  if (!await tx.selectFrom('projects').select('id').where('id', '=', id).where('deleting', '=', false).forShare().executeTakeFirst()) throw new Refusal('project_not_found');
}

/** `name` undefined: the default one. @returns with the entry of its making, where that was now. @throws Refusal datastore_not_found */
export async function datastoreForWriting(tx: Writer, project: { id: string }, geography: string, name: string | undefined): Promise<{ row: DatastoreRow; entries: LedgerEntryInput[] }> {
  await holdProject(tx, project.id);
  const found = await tx.selectFrom('datastores').selectAll().where('project_id', '=', project.id).$if(name === undefined, (select) => select.where('is_default', '=', true)).$if(name !== undefined, (select) => select.where('name', '=', name ?? '')).executeTakeFirst();
  if (found?.use === 'sealed') return { row: found, entries: [] };
  if (found || (name !== undefined && name !== 'default')) throw new Refusal('datastore_not_found', 'datastore');
  const id = identifier('dst');
  await tx.insertInto('datastores').values({
    id, project_id: project.id, name: 'default', use: 'sealed', geography, place: JSON.stringify({ kind: 'filesystem', path: null }), credential: null, is_default: true, created_at: new Date().toISOString(), created_by: 'system',
  }).onConflict((on) => on.columns(['project_id', 'name']).doNothing()).execute();
  const row = await tx.selectFrom('datastores').selectAll().where('project_id', '=', project.id).where('name', '=', 'default').executeTakeFirstOrThrow();
  return { row, entries: row.id === id ? [{ kind: 'datastore.created', object: id, projectId: project.id, facts: { name: 'default', geography, use: 'sealed', place: 'filesystem' } }] : [] };
}

export async function viewDatastores(db: Reader, rows: DatastoreRow[]): Promise<Datastore[]> {
  const sums = rows.length === 0 ? [] : await db.selectFrom('files').select(['datastore_id', (eb) => eb.fn.countAll<number>().as('files'), (eb) => eb.cast<number>(eb.fn.sum('bytes'), 'bigint').as('bytes')])
    .where('datastore_id', 'in', rows.map(({ id }) => id)).where('state', '=', 'ready').groupBy('datastore_id').execute();
  return rows.map((row) => {
    const sum = sums.find(({ datastore_id }) => datastore_id === row.id);
    return { id: row.id, name: row.name, use: row.use, geography: row.geography, default: row.is_default, place: row.place, files: sum?.files ?? 0, bytes: sum?.bytes ?? 0, createdAt: row.created_at, createdBy: row.created_by };
  });
}
