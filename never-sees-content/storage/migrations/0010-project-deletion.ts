/** A project that is being deleted takes nothing new. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const projectDeletion: Migration = { up: async (db) => { await sql.raw('alter table projects add column deleting boolean not null default false').execute(db); } };
