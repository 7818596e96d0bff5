/** An account by its name or id, with its roles. */
import type { Selectable } from 'kysely';
import type { Reader } from '../storage/storage.ts';
import { Refusal } from '../server/refusal.ts';
import type { HeldRole } from './standing.ts';
import type { IdentityTables } from './tables.ts';

export interface FoundPerson extends Selectable<IdentityTables['accounts']> { roles: HeldRole[] }

export async function findPerson(db: Reader, nameOrId: string): Promise<FoundPerson | undefined> {
  const account = await db.selectFrom('accounts').selectAll().where((by) => by.or([by('id', '=', nameOrId), by('name', '=', nameOrId)])).executeTakeFirst();
  return account && { ...account, roles: await db.selectFrom('account_roles').select(['project_id', 'role']).where('account_id', '=', account.id).execute() };
}

/** @throws Refusal person_not_found */
export async function requirePerson(db: Reader, nameOrId: string): Promise<FoundPerson> {
  const found = await findPerson(db, nameOrId);
  if (!found) throw new Refusal('person_not_found', 'person');
  return found;
}
