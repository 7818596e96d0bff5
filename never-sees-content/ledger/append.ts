/** Appends entries inside the transaction of their changes. The head row's lock puts writers in order, so there is no gap. */
import { randomBytes } from 'node:crypto';
import type { Writer } from '../storage/storage.ts';
import { canonicalJson } from '#contract/canonical-json.ts';
import { entryHash } from './entry.ts';
import type { Actor, LedgerEntry, LedgerEntryInput } from './entry.ts';

export interface Authored { actor: Actor; input: LedgerEntryInput }

/** @throws TypeError where its facts cannot be written down */
export function checkEntry({ input }: Authored): void { canonicalJson(input.facts); }

export async function appendEntries(tx: Writer, entries: Authored[]): Promise<void> {
  if (entries.length === 0) return;
  const head = await tx.selectFrom('ledger_head').select(['seq', 'hash']).forUpdate().executeTakeFirstOrThrow();
  const at = new Date().toISOString();
  let { seq, hash } = head;
  const rows = entries.map(({ actor, input }) => {
    const entry: LedgerEntry = {
      seq: ++seq, at, actor: { kind: actor.kind, id: actor.id }, previous: hash, kind: input.kind, object: input.object, projectId: input.projectId, facts: input.facts,
    };
    hash = entryHash(entry);
    return {
      seq, at, kind: entry.kind, object: entry.object, project_id: entry.projectId, actor_kind: actor.kind, actor_id: actor.id,
      facts: JSON.stringify(entry.facts), previous: entry.previous, hash, salt: randomBytes(32),
    };
  });
  // Postgres takes 65,535 parameters in one statement.
  for (let from = 0; from < rows.length; from += 1000) await tx.insertInto('ledger_entries').values(rows.slice(from, from + 1000)).execute();
  await tx.updateTable('ledger_head').set({ seq, hash }).execute();
}
