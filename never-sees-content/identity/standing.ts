/** What an account is in a project: the greater of its role there and its role in the whole installation. */
import { roles as ranks } from '#contract/roles.ts';
import type { Role, Scope } from '#contract/roles.ts';

export interface HeldRole { project_id: string | null; role: Role }
export interface Standing { role: Role; scope: Scope }

export function standingIn(held: readonly HeldRole[], projectId: string): Standing | undefined {
  const [best] = held.filter(({ project_id }) => project_id === null || project_id === projectId)
    .sort((a, b) => ranks.indexOf(b.role) - ranks.indexOf(a.role) || Number(b.project_id === null) - Number(a.project_id === null));
  return best && { role: best.role, scope: best.project_id === null ? 'installation' : 'project' };
}
