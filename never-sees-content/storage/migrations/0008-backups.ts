/** Backups that were made of this installation: copies that a deletion does not reach. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table backups (id text primary key, kind text not null check (kind in ('data', 'keys')), taken_at timestamptz not null, objects bigint not null, bytes bigint not null,
     digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'), place text not null)`,
  `create index backups_by_time on backups (taken_at)`,
];

export const backups: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
