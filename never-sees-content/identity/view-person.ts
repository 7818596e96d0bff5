/** People as the API shows them: to an administrator of a project without what they are elsewhere. */
import type { Person } from '#contract/http/people.ts';
import type { Reader } from '../storage/storage.ts';
import { storedSessions } from './find-session.ts';
import type { FoundPerson } from './find-person.ts';
import type { Sessions } from './sessions.ts';

/** `visible`: id of the only project whose roles are shown beside those of the whole installation; null shows all. */
export async function viewPeople(db: Reader, people: FoundPerson[], visible: string | null, sessions: Sessions): Promise<Person[]> {
  if (people.length === 0) return [];
  const ids = people.map(({ id }) => id);
  const names = new Map((await db.selectFrom('projects').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]));
  const open = await storedSessions(db).where('account_id', 'in', ids).execute();
  return people.map(({ id, name, roles, password, created_at, created_by }) => {
    const seen = open.filter((session) => session.account_id === id && sessions.isOpen(session)).map((session) => sessions.lastSeen.of(session.id, session.last_seen));
    return {
      id, name, hasPassword: password !== null, createdAt: created_at, createdBy: created_by, lastSeenAt: seen.length === 0 ? null : new Date(Math.max(...seen)).toISOString(),
      roles: roles.filter(({ project_id }) => visible === null || project_id === null || project_id === visible).map(({ project_id, role }) => ({ project: project_id === null ? null : names.get(project_id) ?? '', role })),
    };
  });
}
