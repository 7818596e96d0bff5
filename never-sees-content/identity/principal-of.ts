/** Who a session is, in the project that the request asks for. */
import type { Principal } from '#contract/internal/principal.ts';
import type { Reader } from '../storage/storage.ts';
import { Refusal } from '../server/refusal.ts';
import { standingIn } from './standing.ts';

/** `wanted`: name of a project; null for `default`, or the first that is open. @throws Refusal project_not_found, which says nothing of whether there is such a project */
export async function principalOf(db: Reader, session: { id: string; account_id: string }, wanted: string | null): Promise<Principal> {
  const held = await db.selectFrom('account_roles').select(['project_id', 'role']).where('account_id', '=', session.account_id).execute();
  const projects = await openProjects(db, held);
  const project = wanted === null || wanted === '' ? projects.find(({ name }) => name === 'default') ?? projects[0] : projects.find(({ name }) => name === wanted);
  if (!project && wanted !== null && wanted !== '') throw new Refusal('project_not_found');
  const standing = project && standingIn(held, project.id);
  return { kind: 'account', id: session.account_id, projectId: project?.id ?? null, deploymentId: null, sessionId: session.id, ...standing };
}

export async function openProjects(db: Reader, held: readonly { project_id: string | null }[]): Promise<{ id: string; name: string }[]> {
  const all = held.some(({ project_id }) => project_id === null);
  const own = held.flatMap(({ project_id }) => project_id ?? []);
  if (!all && own.length === 0) return [];
  return await db.selectFrom('projects').select(['id', 'name']).where('deleting', '=', false).$if(!all, (select) => select.where('id', 'in', own)).orderBy('name').execute();
}
