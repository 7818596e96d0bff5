import type { operations } from '#contract/operations.ts';
import { findDeployment } from '../../deployments/view.ts';
import type { Handler } from '../handler.ts';

export const deleteDeployment: Handler<typeof operations.deleteDeployment> = async ({ project, params, actor }, { storage, snapshots, states }) => {
  const row = await storage.read((db) => findDeployment(db, project.id, params.deployment));
  await storage.transact(actor, async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('deployments').where('id', '=', row.id).executeTakeFirst();
    if (numDeletedRows === 0n) return { result: undefined, unchanged: true };
    return { result: undefined, entry: { kind: 'deployment.deleted', object: row.id, projectId: project.id, facts: { name: row.name } } };
  });
  states.forget(row.id);
  await snapshots.publish();
  return { id: row.id, deleted: true };
};
