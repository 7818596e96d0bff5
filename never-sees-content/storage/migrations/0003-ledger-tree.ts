/** The ledger as a Merkle tree: a salt for every entry, tiles of hashes, signed checkpoints. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  // Entries from before: 32 bytes from two random UUIDs (244 random bits). The volatile default is evaluated for each row.
  `alter table ledger_entries add column salt bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())`,
  `alter table ledger_entries alter column salt drop default, add check (length(salt) = 32)`,
  `create table ledger_tiles (level int not null, index bigint not null, hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0), primary key (level, index))`,
  `create table ledger_checkpoints (size bigint primary key, root bytea not null check (length(root) = 32), note text not null, verifier_key text not null, at text not null)`,
];

export const ledgerTree: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
