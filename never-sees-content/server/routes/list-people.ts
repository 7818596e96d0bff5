import { mayCall } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import { requireScope } from '../../identity/manages.ts';
import { viewPeople } from '../../identity/view-person.ts';
import type { Handler } from '../handler.ts';

export const listPeople: Handler<typeof operations.listPeople> = async ({ principal, project, query }, { storage, sessions }) => {
  requireScope(principal, query.scope);
  return await storage.read(async (db) => {
    const accounts = await db.selectFrom('accounts').selectAll().orderBy('name').execute();
    const roles = await db.selectFrom('account_roles').selectAll().execute();
    const people = accounts.map((account) => ({ ...account, roles: roles.filter(({ account_id }) => account_id === account.id) }))
      .filter((person) => query.scope === 'installation' || person.roles.some(({ project_id }) => project_id === null || project_id === project.id));
    return { data: await viewPeople(db, people, mayCall(principal, 'administrator') ? null : project.id, sessions) };
  });
};
