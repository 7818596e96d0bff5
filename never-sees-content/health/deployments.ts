/** Whether deployments answer: of one project, or of all for those who may see all. */
import type { HealthCheck } from '#contract/http/health.ts';
import type { DeploymentStates } from '../deployments/states.ts';
import type { Reader } from '../storage/storage.ts';
import { unwell, well } from './check.ts';

export async function checkDeployments(db: Reader, states: DeploymentStates, project: string | null): Promise<HealthCheck> {
  const about = { check: 'deployments', name: 'Deployments', means: 'A deployment that could not start answers deployment_failed to its callers.' } as const;
  const rows = await db.selectFrom('deployments').select(['id', 'name']).$if(project !== null, (select) => select.where('project_id', '=', project ?? '')).orderBy('name').execute();
  const named = (wanted: string): string[] => rows.filter(({ id }) => states.of(id).state === wanted).map(({ name }) => name);
  const failed = named('failed');
  if (failed.length > 0) return unwell(about, 'failed', `${failed.length} of ${rows.length} failed: ${failed.join(', ')}.`, 'See why, and what it asks for.', `modelkeep deployments show ${failed[0] ?? ''}`);
  const starting = named('starting');
  return well(about, rows.length === 0 ? 'There are none.' : `${rows.length - starting.length} of ${rows.length} are ready${starting.length > 0 ? `, ${starting.length} starting` : ''}.`);
}
