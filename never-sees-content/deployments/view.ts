/** A deployment as the API shows it. */
import type { Selectable } from 'kysely';
import type { Deployment } from '#contract/http/deployments.ts';
import type { ControlContext } from '../server/handler.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader } from '../storage/storage.ts';
import type { DeploymentTables } from './tables.ts';

type Row = Selectable<DeploymentTables['deployments']> & { project_name: string; engine_name: string | null };

const selectDeployments = (db: Reader, projectId: string) => db.selectFrom('deployments').innerJoin('projects', 'projects.id', 'deployments.project_id')
  .leftJoin('engines', 'engines.id', 'deployments.engine_id').selectAll('deployments').select(['projects.name as project_name', 'engines.name as engine_name'])
  .where('deployments.project_id', '=', projectId);

/** By name, or by id where the name may have changed hands. @throws Refusal deployment_not_found */
export async function findDeployment(db: Reader, projectId: string, by: { name: string } | { id: string }): Promise<Row> {
  const select = selectDeployments(db, projectId);
  const row = await ('name' in by ? select.where('deployments.name', '=', by.name) : select.where('deployments.id', '=', by.id)).executeTakeFirst();
  if (!row) throw new Refusal('deployment_not_found', 'deployment');
  return row;
}

export async function findDeployments(db: Reader, projectId: string): Promise<Row[]> {
  return await selectDeployments(db, projectId).orderBy('deployments.created_at').execute();
}

export function viewDeployment(row: Row, { states, config, keyStates }: Pick<ControlContext, 'states' | 'config' | 'keyStates'>): Deployment {
  const { state, failure, isolation } = keyStates.suspended(row.project_id) ? { state: 'failed' as const, failure: 'customer_key_denied' as const, isolation: null } : states.of(row.id);
  return {
    id: row.id, name: row.name, project: row.project_name, kind: 'serverless', model: row.model_name, modelVersion: row.model_version, modelDigest: row.model_digest,
    artifactDigest: row.artifact_digest, task: row.task, engine: row.engine_name, state, failure, baseUrl: `${config.publicOrigin}/v1`,
    region: row.region, geography: row.geography, isolationRequirement: row.isolation_requirement, isolation, retention: 'none', limits: row.limits,
    contextLength: row.context_length, createdAt: row.created_at, createdBy: row.created_by,
  };
}
