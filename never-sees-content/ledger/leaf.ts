/**
 * What is published of an entry: who did what to which object, when, as opaque identifiers, and the facts that name nobody. Every other fact is only committed
 * to: `sealed` is SHA-256 over 32 random bytes and the RFC 8785 form of those facts, and whoever is given both can check it.
 */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { LedgerEntry } from './entry.ts';
import type { LedgerTables } from './tables.ts';

type Facts = LedgerEntry['facts'];
/** Digests, numbers and words of closed lists. A fact that does not stand here is sealed. */
const open = new Set(['modelDigest', 'artifactDigest', 'pinned', 'bytes', 'failure', 'slot', 'isolation', 'region', 'geography', 'receiptKey', 'algorithm', 'count', 'root', 'process', 'startedAt', 'code', 'configuration', 'profileDigest', 'tier', 'claim', 'enforced', 'of', 'purpose', 'role', 'scope', 'method', 'reason', 'reportDigest', 'verdict', 'rows', 'sealedBytes', 'datastore', 'use', 'provider', 'onDenied', 'action', 'designated', 'backupKind', 'backupDigest', 'takenAt', 'restoredFrom', 'restoredSize', 'restoredRoot']);
const part = (facts: Facts, wanted: boolean): Facts => Object.fromEntries(Object.entries(facts).filter(([name]) => open.has(name) === wanted));

const commitment = (salt: Buffer, facts: Facts): string => createHash('sha256').update(salt).update(canonicalJson(part(facts, false))).digest('hex');

/** What opens an entry's commitment: the salt (base64) and the facts that are not published. */
export const openingOf = (row: Selectable<LedgerTables['ledger_entries']>): { salt: string; facts: Facts } => ({ salt: row.salt.toString('base64'), facts: part(row.facts, false) });

/** The facts that are published. */
export const openFactsOf = (row: Pick<Selectable<LedgerTables['ledger_entries']>, 'facts'>): Facts => part(row.facts, true);

/** The bytes of the leaf: RFC 8785 JSON. */
export function leafOf(row: Selectable<LedgerTables['ledger_entries']>): Buffer {
  return Buffer.from(canonicalJson({
    v: 1, seq: row.seq, at: row.at, kind: row.kind, object: row.object, project: row.project_id, actor: { kind: row.actor_kind, id: row.actor_id },
    facts: part(row.facts, true), sealed: commitment(row.salt, row.facts),
  }));
}
