/** A new account with its first role. */
import type { Role, Scope } from '#contract/roles.ts';
import type { LedgerEntryInput } from '../ledger/entry.ts';
import type { Writer } from '../storage/storage.ts';
import type { FoundPerson } from './find-person.ts';
import { identifier } from './identifier.ts';

interface NewAccount { name: string; role: Role; scope: Scope; projectId: string; now: number; actor: string }

/** `projectId`: where the role holds, unless it is of the whole installation. */
export async function makeAccount(tx: Writer, { name, role, scope, projectId, now, actor }: NewAccount): Promise<{ person: FoundPerson; entries: LedgerEntryInput[] }> {
  const account = { id: identifier('usr'), name, password: null, created_at: new Date(now).toISOString(), created_by: actor };
  const held = { project_id: scope === 'installation' ? null : projectId, role };
  await tx.insertInto('accounts').values(account).execute();
  await tx.insertInto('account_roles').values({ account_id: account.id, ...held }).execute();
  return { person: { ...account, roles: [held] }, entries: [
    { kind: 'account.created', object: account.id, projectId: held.project_id, facts: { name } },
    { kind: 'account.role_set', object: account.id, projectId: held.project_id, facts: { role, scope } },
  ] };
}
