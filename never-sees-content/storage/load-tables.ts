/** Fills an empty database from what `readTables` gave, schema and all, in one transaction: whatever stops it leaves the database empty. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import { migrations } from './migrations/index.ts';
import { withConnection } from './one-connection.ts';
import type { Sequence } from './read-tables.ts';
import type { Writer } from './storage.ts';

export interface TableSource { schema: string; tables: string[]; sequences: Sequence[]; rows(table: string): AsyncIterable<string[]> }

export class LoadRefused extends Error {
  /** `rows_refused`: the rows do not fit the schema that they name. */
  readonly code: 'database_not_empty' | 'schema_newer' | 'rows_refused';
  constructor(code: LoadRefused['code'], cause?: unknown) { super(code, { cause }); this.name = 'LoadRefused'; this.code = code; }
}

/** Before anything is done. @throws LoadRefused database_not_empty, StorageError database_unreachable */
export async function requireEmpty(url: string): Promise<void> { await withConnection(url, checkEmpty); }

async function checkEmpty(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql`select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = current_schema() and c.relkind in ('r', 'p', 'm', 'f') limit 1`.execute(db);
  if (rows.length > 0) throw new LoadRefused('database_not_empty');
}

/** `finish` may change what was loaded, and refuse it. @throws LoadRefused, StorageError database_unreachable, what `finish` throws */
export async function loadTables<T>(url: string, source: TableSource, finish: (tx: Writer) => Promise<T>): Promise<T> {
  if (!Object.hasOwn(migrations, source.schema)) throw new LoadRefused('schema_newer');
  return await withConnection(url, async (db) => await db.transaction().execute(async (tx) => {
    await checkEmpty(tx);
    await makeSchema(tx, source.schema);
    const references = await takeReferences(tx);
    for (const table of source.tables) await loadTable(tx, table, source.rows(table));
    for (const { table, name, definition } of references) await refused(sql`alter table ${sql.table(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)}`.execute(tx));
    for (const { table, column, last, called } of source.sequences) await refused(sql`select setval(pg_get_serial_sequence(quote_ident(${table}), ${column}), ${last}, ${called})`.execute(tx));
    return await finish(tx);
  }));
}

/** The tables as the newest migration of the source left them, and Kysely's own two in the form in which its migrator makes them. */
async function makeSchema(tx: Writer, upTo: string): Promise<void> {
  await sql`create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)`.execute(tx);
  await sql`create table kysely_migration_lock (id varchar(255) primary key, is_locked integer default 0 not null)`.execute(tx);
  await sql`insert into kysely_migration_lock (id) values ('migration_lock')`.execute(tx);
  for (const [name, migration] of Object.entries(migrations).sort(([a], [b]) => (a < b ? -1 : 1)).filter(([name]) => name <= upTo)) {
    await migration.up(tx);
    await sql`insert into kysely_migration values (${name}, ${new Date().toISOString()})`.execute(tx);
  }
}

/** Takes the references between tables away until all are filled, so that their order does not matter. */
async function takeReferences(tx: Writer): Promise<{ table: string; name: string; definition: string }[]> {
  const { rows } = await sql<{ table: string; name: string; definition: string }>`
    select c.relname::text "table", r.conname::text name, pg_get_constraintdef(r.oid) definition from pg_constraint r join pg_class c on c.oid = r.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and r.contype = 'f'`.execute(tx);
  for (const { table, name } of rows) await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(tx);
  return rows;
}

async function loadTable(tx: Writer, table: string, rows: AsyncIterable<string[]>): Promise<void> {
  const { rows: columns } = await sql<{ name: string }>`
    select a.attname::text name from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and c.relname = ${table} and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`.execute(tx);
  if (columns.length === 0) throw new LoadRefused('rows_refused');
  // What a migration puts into a new table is in the source, too. A table that refuses deletions has nothing.
  const { rows: seeded } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(tx);
  if (seeded.length > 0) await sql`delete from ${sql.table(table)}`.execute(tx);
  const list = sql.join(columns.map(({ name }) => sql.ref(name)));
  for await (const lines of rows) {
    if (lines.length > 0) await refused(sql`insert into ${sql.table(table)} (${list}) overriding system value select ${list} from json_populate_recordset(null::${sql.table(table)}, ${`[${lines.join(',')}]`}::json)`.execute(tx));
  }
}

/** The database's refusal of a row or of a reference: class 22 or 23. */
async function refused(work: Promise<unknown>): Promise<void> {
  try { await work; } catch (error) { throw /^2[23]/.test(String((error as { code?: unknown }).code)) ? new LoadRefused('rows_refused', error) : error; }
}
