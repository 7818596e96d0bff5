/** How far the authority over people goes: an administrator of a project has none over what somebody is elsewhere. */
import { mayCall } from '#contract/access.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { Scope } from '#contract/roles.ts';
import { Refusal } from '../server/refusal.ts';
import type { HeldRole } from './standing.ts';

/** @throws Refusal permission_denied where the whole installation is meant by somebody who administers one project */
export function requireScope(principal: Principal, scope: Scope): void {
  if (scope === 'installation' && !mayCall(principal, 'administrator')) throw new Refusal('permission_denied', 'scope');
}

/** Somebody of another project is not told apart from nobody, and only an administrator of the installation brings them into a further one. @throws Refusal person_not_found */
export function requireKnownHere(principal: Principal, projectId: string, roles: readonly HeldRole[]): void {
  if (!mayCall(principal, 'administrator') && !roles.some(({ project_id }) => project_id === projectId || project_id === null)) throw new Refusal('person_not_found', 'person');
}

/**
 * Whether a new role takes an account out of the hands of one project's administrators. They could sign it in until now: what they may hold of it (links, sessions, a password
 * that they set) must not become what the new role opens.
 */
export function leavesAuthority(roles: readonly HeldRole[], gained: string | null): boolean {
  const own = roles[0]?.project_id;
  return own !== undefined && own !== null && isNothingElsewhere(roles, own) && gained !== own;
}

const isNothingElsewhere = (roles: readonly HeldRole[], projectId: string): boolean => roles.length > 0 && roles.every(({ project_id }) => project_id === projectId);

/** Whoever signs somebody in can act as them: so only over accounts that are nothing outside the project. */
export function maySignIn(principal: Principal, projectId: string, roles: readonly HeldRole[]): boolean {
  return mayCall(principal, 'administrator') || isNothingElsewhere(roles, projectId);
}
