/** The ledger is read by project, actor and kind, newest first (by object it can be already). */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = ['project_id', 'actor_id', 'kind'].map((column) => `create index ledger_entries_by_${column} on ledger_entries (${column}, seq)`);

export const ledgerIndexes: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
