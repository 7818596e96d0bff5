/** Who is asking, as the API tells them: their name, their projects and roles, and when their session ends. */
import type { Principal } from '#contract/internal/principal.ts';
import type { ShownSession } from '#contract/internal/session.ts';
import type { Role } from '#contract/roles.ts';
import type { Reader } from '../storage/storage.ts';
import { Refusal } from '../server/refusal.ts';
import { storedSessions } from './find-session.ts';
import type { FoundSession } from './find-session.ts';
import { openProjects } from './principal-of.ts';
import { standingIn } from './standing.ts';
import type { HeldRole } from './standing.ts';

/** @throws Refusal session_ended where the account was removed meanwhile */
export async function showPrincipal(db: Reader, principal: Principal, idleAt: (session: FoundSession) => number): Promise<ShownSession> {
  const account = principal.kind === 'account' ? await accountOf(db, principal) : undefined;
  const held = account?.held ?? heldByKey(principal);
  const projects = await openProjects(db, held);
  const current = projects.find(({ id }) => id === principal.projectId) ?? projects.find(({ name }) => name === 'default');
  const { role, scope } = (current && standingIn(held, current.id)) ?? { role: 'reader' as const, scope: 'project' as const };
  return {
    account: account ? { id: principal.id, name: account.name } : null, kind: principal.kind, role, scope, project: current?.name ?? 'default',
    projects: projects.map(({ id, name }) => ({ name, role: standingIn(held, id)?.role ?? 'reader' })),
    expiresAt: account?.session.expires_at ?? null, idleAt: account ? new Date(idleAt(account.session)).toISOString() : null, hasPassword: account?.hasPassword ?? false,
  };
}

function heldByKey({ kind, projectId }: Principal): HeldRole[] {
  const everywhere: { role: Role; project_id: null } = { role: 'administrator', project_id: null };
  return kind === 'local_user' || kind === 'administrator' ? [everywhere] : [{ role: 'member', project_id: projectId }];
}

async function accountOf(db: Reader, { id, sessionId }: Principal): Promise<{ name: string; hasPassword: boolean; held: HeldRole[]; session: FoundSession }> {
  const account = await db.selectFrom('accounts').select(['name', 'password']).where('id', '=', id).executeTakeFirst();
  const session = await storedSessions(db).where('id', '=', sessionId ?? '').executeTakeFirst();
  if (!account || !session) throw new Refusal('session_ended');
  const held = await db.selectFrom('account_roles').select(['project_id', 'role']).where('account_id', '=', id).execute();
  return { name: account.name, hasPassword: account.password !== null, held, session };
}
