import { isDeepStrictEqual } from 'node:util';
import { Limits } from '#contract/http/deployments.ts';
import type { operations } from '#contract/operations.ts';
import { lockDeployment } from '../../deployments/lock-deployment.ts';
import { findDeployment, viewDeployment } from '../../deployments/view.ts';
import type { Handler } from '../handler.ts';

export const setLimits: Handler<typeof operations.setLimits> = async ({ project, params, body, actor }, context) => {
  const id = await context.storage.transact(actor, async (tx) => {
    const deployment = await lockDeployment(tx, project.id, params.deployment);
    const { limits } = await tx.selectFrom('deployments').select('limits').where('id', '=', deployment.id).executeTakeFirstOrThrow();
    const next = Limits.parse({ ...limits, ...body });
    if (isDeepStrictEqual(next, Limits.parse(limits))) return { result: deployment.id, unchanged: true };
    await tx.updateTable('deployments').set({ limits: JSON.stringify(next) }).where('id', '=', deployment.id).execute();
    return { result: deployment.id, entry: { kind: 'deployment.limits_set', object: deployment.id, projectId: project.id, facts: { ...next } } };
  });
  await context.snapshots.publish();
  return viewDeployment(await context.storage.read((db) => findDeployment(db, project.id, { id })), context);
};
