import type { operations } from '#contract/operations.ts';
import { lockDeployment } from '../../deployments/lock-deployment.ts';
import { identifier } from '../../identity/identifier.ts';
import type { Handler } from '../handler.ts';

export const regenerateKey: Handler<typeof operations.regenerateKey> = async ({ project, params, actor }, { storage, custody, snapshots }) => {
  const minted = await custody.mint('mk-ek-');
  const created = { id: identifier('key'), hint: minted.hint, created_at: new Date().toISOString() };
  await storage.transact(actor, async (tx) => {
    const deployment = await lockDeployment(tx, project.id, params.deployment);
    await tx.deleteFrom('credentials').where('deployment_id', '=', deployment.id).where('slot', '=', params.slot).execute();
    await tx.insertInto('credentials').values({
      ...created, kind: 'endpoint_key', hash: minted.hash, name: null, project_id: project.id, deployment_id: deployment.id, slot: params.slot,
      created_by: actor.id, expires_at: null, revoked_at: null,
    }).execute();
    return { result: undefined, entry: { kind: 'key.regenerated', object: created.id, projectId: project.id, facts: { deployment: deployment.id, slot: params.slot } } };
  });
  await snapshots.publish();
  return { id: created.id, slot: params.slot, hint: minted.hint, createdAt: created.created_at, key: minted.credential };
};
