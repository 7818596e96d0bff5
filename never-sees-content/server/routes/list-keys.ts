import type { operations } from '#contract/operations.ts';
import { findDeployment } from '../../deployments/view.ts';
import type { Handler } from '../handler.ts';

export const listKeys: Handler<typeof operations.listKeys> = async ({ project, params }, { storage }) => await storage.read(async (db) => {
  const deployment = await findDeployment(db, project.id, { name: params.deployment });
  const rows = await db.selectFrom('credentials').selectAll().where('deployment_id', '=', deployment.id).orderBy('slot').execute();
  return { data: rows.map((row) => ({ id: row.id, slot: row.slot ?? 'primary', hint: row.hint, createdAt: row.created_at })) };
});
