import type { operations } from '#contract/operations.ts';
import { deletionStatement } from '../../deployments/deletion-statement.ts';
import { lockDeployment } from '../../deployments/lock-deployment.ts';
import type { Handler } from '../handler.ts';

export const deleteDeployment: Handler<typeof operations.deleteDeployment> = async ({ project, params, actor }, { storage, snapshots, states }) => {
  const id = await storage.transact(actor, async (tx) => {
    const deployment = await lockDeployment(tx, project.id, params.deployment);
    await tx.deleteFrom('deployments').where('id', '=', deployment.id).execute();
    return { result: deployment.id, entry: { kind: 'deployment.deleted', object: deployment.id, projectId: project.id, facts: { name: deployment.name, statement: await deletionStatement(tx, deployment.id) } } };
  });
  states.forget(id);
  await snapshots.publish();
  return { id, deleted: true };
};
