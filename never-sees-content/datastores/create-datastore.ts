/** A datastore comes to be in two steps: the gateway has its credential sealed by custody, by our order, and then brings it here sealed. */
import type { z } from 'zod';
import type { Datastore } from '#contract/http/datastores.ts';
import type { CreateDatastore, OrderDatastore } from '#contract/internal/datastores.ts';
import { allowed, storeRefusal } from '../files/objects.ts';
import { identifier } from '../identity/identifier.ts';
import type { ControlContext } from '../server/handler.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader } from '../storage/storage.ts';
import { holdProject, viewDatastores } from './find-datastore.ts';

type Asked = Pick<z.output<typeof OrderDatastore.request>, 'name' | 'geography'>;

/** @throws Refusal geography_refused, name_taken */
async function requireFree(db: Reader, projectId: string, { name, geography }: Asked, own: string): Promise<void> {
  if (geography !== undefined && geography !== own) throw new Refusal('geography_refused', 'geography');
  // That name is of the datastore which every project has.
  const taken = name === 'default' || await db.selectFrom('datastores').select('id').where('project_id', '=', projectId).where('name', '=', name).executeTakeFirst() !== undefined;
  if (taken) throw new Refusal('name_taken', 'name');
}

/** @throws Refusal */
export async function orderDatastore({ principal, ...asked }: z.output<typeof OrderDatastore.request>, { storage, config, credentials }: ControlContext): Promise<z.output<typeof OrderDatastore.response>> {
  const { actor, project } = allowed(principal, 'people');
  await storage.read((db) => requireFree(db, project.id, asked, config.geography));
  const id = identifier('dst');
  return { id, order: await credentials.order('seal_secret', { id, project_id: project.id }, actor, null) };
}

/** @throws Refusal */
export async function createDatastore({ principal, id, name, use, geography, place, sealed }: z.output<typeof CreateDatastore.request>, { storage, config, stores }: ControlContext): Promise<Datastore> {
  const { actor, project } = allowed(principal, 'people');
  const wrong = place.kind === 's3' ? sealed === null : sealed !== null || (use === 'sealed') !== (place.path === null);
  if (wrong) throw new Refusal('invalid_request', place.kind === 's3' ? 'credential' : 'place');
  await storage.read((db) => requireFree(db, project.id, { name, geography }, config.geography));
  if (use === 'sealed') await stores.check({ id, project_id: project.id, place, credential: sealed }, identifier('obj')).catch((error: unknown) => { throw storeRefusal(error); });
  return await storage.transact(actor, async (tx) => {
    await holdProject(tx, project.id);
    await requireFree(tx, project.id, { name, geography }, config.geography);
    const row = await tx.insertInto('datastores').values({
      id, project_id: project.id, name, use, geography: config.geography, place: JSON.stringify(place), credential: sealed, is_default: false, created_at: new Date().toISOString(), created_by: principal.id,
    }).returningAll().executeTakeFirstOrThrow();
    const [made] = await viewDatastores(tx, [row]);
    if (!made) throw new TypeError('a datastore that was made is not there');
    return { result: made, entry: { kind: 'datastore.created', object: id, projectId: project.id, facts: { name, geography: config.geography, use, place: place.kind } } };
  });
}
