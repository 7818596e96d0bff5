/** Every declared table at one moment, row by row as JSON: what a backup and an export are made of. It reads, and can change nothing. */
import { sql } from 'kysely';
import { tables as declared } from '#contract/data-map/tables.ts';
import type { Reader } from './storage.ts';
import { withConnection } from './one-connection.ts';

/** Rows fetched at a time. */
const batch = 500;
/** Bookkeeping of the schema, which loading writes anew, and what belongs to a running installation alone: nobody stays signed in, and no witness has seen the log that begins. */
const leftOut = ['kysely_migration', 'kysely_migration_lock', 'session_uses', 'sessions', 'sign_in_links', 'ledger_witnesses'];

/** Where the numbers of a column go on. */
export interface Sequence { table: string; column: string; last: number; called: boolean }
export interface TableSnapshot {
  /** The newest migration. */
  schema: string; serverVersion: string; tables: string[]; sequences: Sequence[]; db: Reader;
  /** Rows of a table, a few hundred at a time, each one line of JSON. */
  rows: (table: string) => AsyncGenerator<string[]>;
}

/** The database is not one of Modelkeep's. */
export class NotModelkeep extends Error { override readonly name = 'NotModelkeep'; }

/** @throws StorageError database_unreachable, NotModelkeep */
export async function readTables<T>(url: string, work: (snapshot: TableSnapshot) => Promise<T>): Promise<T> {
  return await withConnection(url, async (db) => await db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(async (tx) => {
    const { rows: tables } = await sql<{ name: string }>`select c.relname::text name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = current_schema() and c.relkind = 'r' order by 1`.execute(tx);
    if (!tables.some(({ name }) => name === 'kysely_migration')) throw new NotModelkeep();
    const { rows: [version] } = await sql<{ schema: string | null; server: string }>`select max(name) as schema, current_setting('server_version') server from kysely_migration`.execute(tx);
    if (!version || version.schema === null) throw new NotModelkeep();
    const names = tables.map(({ name }) => name).filter((name) => Object.hasOwn(declared, name) && !leftOut.includes(name));
    return await work({
      schema: version.schema, serverVersion: version.server, tables: names, sequences: await sequencesOf(tx, names), db: tx,
      async *rows(table) {
        await sql`declare rows_of_table no scroll cursor for select row_to_json(t)::text as row from ${sql.table(table)} t`.execute(tx);
        for (;;) {
          const { rows } = await sql<{ row: string }>`fetch ${sql.lit(batch)} from rows_of_table`.execute(tx);
          if (rows.length === 0) break;
          // JSON has no line break but between its words.
          yield rows.map(({ row }) => row.replaceAll('\n', ' '));
        }
        await sql`close rows_of_table`.execute(tx);
      },
    });
  }));
}

async function sequencesOf(tx: Parameters<ReturnType<typeof sql>['execute']>[0], tables: string[]): Promise<Sequence[]> {
  const { rows } = await sql<{ table: string; column: string; sequence: string }>`
    select c.relname::text "table", a.attname::text "column", pg_get_serial_sequence(quote_ident(c.relname), a.attname) "sequence"
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null order by 1, 2`.execute(tx);
  const found: Sequence[] = [];
  for (const { table, column, sequence } of rows.filter((row) => tables.includes(row.table))) {
    const { rows: [at] } = await sql<{ last_value: number; is_called: boolean }>`select last_value, is_called from ${sql.raw(sequence)}`.execute(tx);
    if (at) found.push({ table, column, last: at.last_value, called: at.is_called });
  }
  return found;
}
