import type { operations } from '#contract/operations.ts';
import { datastoreForWriting, viewDatastores } from '../../datastores/find-datastore.ts';
import type { Handler } from '../handler.ts';

export const listDatastores: Handler<typeof operations.listDatastores> = async ({ project }, { storage, config }) => {
  // The default one is made by whoever asks first.
  await storage.transact({ kind: 'system', id: 'control' }, async (tx) => {
    const { entries } = await datastoreForWriting(tx, project, config.geography, undefined);
    return entries.length === 0 ? { result: undefined, unchanged: true } : { result: undefined, entries };
  });
  return await storage.read(async (db) => ({ data: await viewDatastores(db, await db.selectFrom('datastores').selectAll().where('project_id', '=', project.id).orderBy('created_at').execute()) }));
};
