import type { operations } from '#contract/operations.ts';
import { endSessionsOf } from '../../identity/end-sessions.ts';
import { requirePerson } from '../../identity/find-person.ts';
import { requireScope } from '../../identity/manages.ts';
import type { LedgerEntryInput } from '../../ledger/entry.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

interface Removed { id: string; removed: 'role' | 'account'; ended: string[] }

export const removePerson: Handler<typeof operations.removePerson> = async ({ principal, project, params, query, actor }, { storage, sessions }) => {
  requireScope(principal, query.scope);
  const { id, removed, ended } = await storage.transact<Removed>(actor, async (tx) => {
    const person = await requirePerson(tx, params.person);
    const here = person.roles.filter(({ project_id }) => project_id === project.id);
    if (query.scope === 'project' && here.length === 0) throw new Refusal('person_not_found', 'person');
    const entries: LedgerEntryInput[] = [];
    if (query.scope === 'project' && person.roles.length > here.length) {
      await tx.deleteFrom('account_roles').where('account_id', '=', person.id).where('project_id', '=', project.id).execute();
      entries.push({ kind: 'account.role_removed', object: person.id, projectId: project.id, facts: {} });
      return { result: { id: person.id, removed: 'role', ended: [] }, entries };
    }
    const { sessions: gone, entries: endings } = await endSessionsOf(tx, person.id, 'account_removed');
    await tx.deleteFrom('accounts').where('id', '=', person.id).execute();
    entries.push(...endings, { kind: 'account.removed', object: person.id, projectId: query.scope === 'project' ? project.id : null, facts: { name: person.name } });
    return { result: { id: person.id, removed: 'account', ended: gone }, entries };
  });
  for (const session of ended) sessions.lastSeen.forget(session);
  return { id, removed };
};
