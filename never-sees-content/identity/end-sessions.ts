/** Ends sessions inside a change: each has its entry in the ledger, and its next request is refused. */
import type { LedgerEntryInput } from '../ledger/entry.ts';
import type { Writer } from '../storage/storage.ts';

export type EndReason = 'signed_out' | 'revoked' | 'replaced' | 'password_changed' | 'role_widened' | 'account_removed' | 'expired';
export interface Ended { sessions: string[]; entries: LedgerEntryInput[] }

/** `which`: ids of sessions. */
export async function endSessions(tx: Writer, which: string[], reason: EndReason): Promise<Ended> {
  if (which.length === 0) return { sessions: [], entries: [] };
  const gone = await tx.deleteFrom('sessions').where('id', 'in', which).returning(['id', 'account_id']).execute();
  return { sessions: gone.map(({ id }) => id), entries: gone.map(({ id, account_id }) => ({ kind: 'session.ended', object: id, projectId: null, facts: { account: account_id, reason } })) };
}

export async function endSessionsOf(tx: Writer, account: string, reason: EndReason, except?: string): Promise<Ended> {
  const rows = await tx.selectFrom('sessions').select('id').where('account_id', '=', account).execute();
  return await endSessions(tx, rows.map(({ id }) => id).filter((id) => id !== except), reason);
}
