/** Appends an entry inside the transaction of its change. The head row's lock puts writers in order, so there is no gap. */
import { randomBytes } from 'node:crypto';
import type { Writer } from '../storage/storage.ts';
import { entryHash } from './entry.ts';
import type { Actor, LedgerEntry, LedgerEntryInput } from './entry.ts';

export async function appendEntry(tx: Writer, actor: Actor, input: LedgerEntryInput): Promise<LedgerEntry> {
  const head = await tx.selectFrom('ledger_head').select(['seq', 'hash']).forUpdate().executeTakeFirstOrThrow();
  const entry: LedgerEntry = {
    seq: head.seq + 1, at: new Date().toISOString(), actor: { kind: actor.kind, id: actor.id }, previous: head.hash,
    kind: input.kind, object: input.object, projectId: input.projectId, facts: input.facts,
  };
  const hash = entryHash(entry);
  await tx.insertInto('ledger_entries').values({
    seq: entry.seq, at: entry.at, kind: entry.kind, object: entry.object, project_id: entry.projectId, actor_kind: actor.kind, actor_id: actor.id,
    facts: JSON.stringify(entry.facts), previous: entry.previous, hash, salt: randomBytes(32),
  }).execute();
  await tx.updateTable('ledger_head').set({ seq: entry.seq, hash }).execute();
  return entry;
}
