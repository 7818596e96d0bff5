import { mayCall } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import { requirePerson } from '../../identity/find-person.ts';
import { endSessionsOf } from '../../identity/end-sessions.ts';
import { leavesAuthority, requireKnownHere, requireScope } from '../../identity/manages.ts';
import { viewPeople } from '../../identity/view-person.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

const none: string[] = [];

export const setRole: Handler<typeof operations.setRole> = async ({ principal, project, params, body, actor }, { storage, sessions }) => {
  requireScope(principal, body.scope);
  const project_id = body.scope === 'installation' ? null : project.id;
  const { id, ended } = await storage.transact(actor, async (tx) => {
    const person = await requirePerson(tx, params.person);
    requireKnownHere(principal, project.id, person.roles);
    if (person.roles.some((held) => held.project_id === project_id && held.role === body.role)) return { result: { id: person.id, ended: none }, unchanged: true };
    await tx.deleteFrom('account_roles').where('account_id', '=', person.id).where('project_id', 'is not distinct from', project_id).execute();
    await tx.insertInto('account_roles').values({ account_id: person.id, project_id, role: body.role }).execute();
    const entry = { kind: 'account.role_set' as const, object: person.id, projectId: project_id, facts: { role: body.role, scope: body.scope } };
    if (!leavesAuthority(person.roles, project_id)) return { result: { id: person.id, ended: none }, entry };
    await tx.deleteFrom('sign_in_links').where('account_id', '=', person.id).execute();
    await tx.updateTable('accounts').set({ password: null }).where('id', '=', person.id).execute();
    const { sessions: over, entries } = await endSessionsOf(tx, person.id, 'role_widened');
    return { result: { id: person.id, ended: over }, entries: [entry, ...entries] };
  });
  for (const session of ended) sessions.lastSeen.forget(session);
  const [view] = await storage.read(async (db) => await viewPeople(db, [await requirePerson(db, id)], mayCall(principal, 'administrator') ? null : project.id, sessions));
  if (!view) throw new Refusal('person_not_found', 'person');
  return view;
};
