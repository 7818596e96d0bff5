/** Finds a deployment of the project and keeps others from changing it until the transaction ends. */
import { Refusal } from '../server/refusal.ts';
import type { Writer } from '../storage/storage.ts';

/** @throws Refusal deployment_not_found */
export async function lockDeployment(tx: Writer, projectId: string, name: string): Promise<{ id: string; name: string }> {
  const row = await tx.selectFrom('deployments').select(['id', 'name']).where('project_id', '=', projectId).where('name', '=', name).forUpdate().executeTakeFirst();
  if (!row) throw new Refusal('deployment_not_found', 'deployment');
  return row;
}
