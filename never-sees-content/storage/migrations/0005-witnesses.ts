/** Witnesses of the ledger: what each has seen, and what it signed. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `alter table ledger_checkpoints add column cosignatures text not null default ''`,
  `create table ledger_witnesses (name text primary key, size bigint not null)`,
];

export const witnesses: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
