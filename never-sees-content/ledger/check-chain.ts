/**
 * Checks the chain from its beginning: no gap, no change, no reordering, and the head is the last entry. It finds what was changed by hand;
 * someone who can write to the database could still write a whole new chain, which only a head kept elsewhere shows (`modelkeep status`).
 */
import type { Reader } from '../storage/storage.ts';
import { entryHash, genesis } from './entry.ts';
import type { Actor, Kind } from './entry.ts';

export type ChainResult = { ok: true; entries: number } | { ok: false; seq: number; failure: 'gap' | 'previous' | 'hash' | 'head' };

export async function checkChain(db: Reader): Promise<ChainResult> {
  const head = await db.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  let previous = genesis;
  let seq = 0;
  for (;;) {
    const rows = await db.selectFrom('ledger_entries').selectAll().where('seq', '>', seq).orderBy('seq').limit(1000).execute();
    for (const row of rows) {
      if (row.seq !== seq + 1) return { ok: false, seq: seq + 1, failure: 'gap' };
      if (row.previous !== previous) return { ok: false, seq: row.seq, failure: 'previous' };
      const hash = entryHash({
        seq: row.seq, at: row.at, kind: row.kind as Kind, object: row.object, projectId: row.project_id,
        actor: { kind: row.actor_kind as Actor['kind'], id: row.actor_id }, facts: row.facts, previous: row.previous,
      });
      if (hash !== row.hash) return { ok: false, seq: row.seq, failure: 'hash' };
      previous = hash;
      seq = row.seq;
    }
    if (rows.length < 1000) break;
  }
  return head.seq === seq && head.hash === previous ? { ok: true, entries: seq } : { ok: false, seq: head.seq, failure: 'head' };
}
