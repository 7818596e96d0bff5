import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

/** Its credential goes with its row: what sealed it is of no other use. */
export const deleteDatastore: Handler<typeof operations.deleteDatastore> = async ({ project, params, actor }, { storage, stores }) => {
  const deleted = await storage.transact(actor, async (tx) => {
    const row = await tx.selectFrom('datastores').select(['id', 'is_default', 'name']).where('project_id', '=', project.id).where((eb) => eb.or([eb('name', '=', params.datastore), eb('id', '=', params.datastore)])).forUpdate().executeTakeFirst();
    if (!row) throw new Refusal('datastore_not_found', 'datastore');
    const used = await tx.selectFrom('objects').select('id').where('datastore_id', '=', row.id).limit(1).executeTakeFirst() ?? await tx.selectFrom('files').select('id').where('datastore_id', '=', row.id).limit(1).executeTakeFirst()
      ?? await tx.selectFrom('uploads').select('id').where('datastore_id', '=', row.id).where('state', '=', 'pending').limit(1).executeTakeFirst();
    if (used || row.is_default) throw new Refusal('datastore_in_use', 'datastore');
    await tx.deleteFrom('uploads').where('datastore_id', '=', row.id).where('state', '<>', 'pending').execute();
    await tx.deleteFrom('datastores').where('id', '=', row.id).execute();
    return { result: { id: row.id, deleted: true as const }, entry: { kind: 'datastore.deleted', object: row.id, projectId: project.id, facts: { name: row.name } } };
  });
  stores.forget(deleted.id);
  return deleted;
};
