/** Leaves of receipts: hashes, which say nothing of what they are hashes of. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table receipt_leaves (request_id text not null, hash bytea not null check (length(hash) = 32), at timestamptz not null default now(), batch text, index int,
     primary key (request_id, hash), check ((batch is null) = (index is null)))`,
  `create index receipt_leaves_waiting on receipt_leaves (at) where batch is null`,
  `create index receipt_leaves_by_batch on receipt_leaves (batch, index) where batch is not null`,
  `create index ledger_entries_by_object on ledger_entries (object)`,
];

export const receipts: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
