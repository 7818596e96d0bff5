import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const removeEngine: Handler<typeof operations.removeEngine> = async ({ params, actor }, { storage }) => await storage.transact(actor, async (tx) => {
  const row = await tx.selectFrom('engines').select(['id', 'name']).where('name', '=', params.engine).forUpdate().executeTakeFirst();
  if (!row) throw new Refusal('engine_not_found', 'engine');
  const used = await tx.selectFrom('deployments').select('id').where('engine_id', '=', row.id).executeTakeFirst();
  if (used) throw new Refusal('engine_in_use', 'engine');
  await tx.deleteFrom('engines').where('id', '=', row.id).execute();
  return { result: { id: row.id, deleted: true as const }, entry: { kind: 'engine.removed' as const, object: row.id, projectId: null, facts: { name: row.name } } };
});
