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

/** Whoever signs somebody in can act as them: so only over accounts that are nothing outside the project. */
export function maySignIn(principal: Principal, projectId: string, roles: readonly HeldRole[]): boolean {
  return mayCall(principal, 'administrator') || (roles.length > 0 && roles.every(({ project_id }) => project_id === projectId));
}
