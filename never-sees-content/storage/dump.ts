/** Every row of every table as text, for the audit's search: what lies compressed or sliced in the files stands here whole. It reads, and can change nothing. */
import pg from 'pg';

/** Rows fetched at a time. */
const batch = 500;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export interface DumpedTable { name: string; rows: number; /** The database's code, where the table could not be read. */ refused: string | null }

/** The superuser of the embedded database, whose socket only its own user reaches. */
export const embeddedUrl = (runFolder: string): string => `postgresql://postgres@localhost/modelkeep?host=${encodeURIComponent(runFolder)}`;

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try { return await work(client); } finally { await client.end().catch(() => undefined); }
}

/** Has the database write everything to its files. Throws the database's error where we may not ask for that. */
export async function flush(url: string): Promise<void> {
  await connected(url, async (client) => { await client.query('checkpoint'); });
}

/** Gives every row as text to `each`, table by table, with what the database is doing at the moment. Throws where the database cannot be reached. */
export async function dumpTables(url: string, each: (table: string, text: string) => void): Promise<DumpedTable[]> {
  return await connected(url, async (client) => {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `select n.nspname schema, c.relname name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') or (n.nspname = 'pg_catalog' and c.relname in ('pg_stat_activity', 'pg_prepared_statements', 'pg_cursors')) order by 1, 2`);
    const dumped: DumpedTable[] = [];
    for (const { schema, name } of tables) dumped.push(await dumpTable(client, schema, name, each));
    return dumped;
  });
}

async function dumpTable(client: pg.Client, schema: string, name: string, each: (table: string, text: string) => void): Promise<DumpedTable> {
  const table = `${schema}.${name}`;
  let rows = 0;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query(`declare dumped no scroll cursor for select t::text row from ${quoted(schema)}.${quoted(name)} t`);
    for (;;) {
      const { rows: fetched } = await client.query<{ row: string }>(`fetch ${batch} from dumped`);
      if (fetched.length === 0) break;
      rows += fetched.length;
      each(table, fetched.map(({ row }) => row).join('\n'));
    }
    return { name: table, rows, refused: null };
  } catch (error) { return { name: table, rows, refused: (error as { code?: string }).code ?? 'unknown' }; } finally { await client.query('rollback').catch(() => undefined); }
}

/** The server's own version. */
export async function serverVersion(url: string): Promise<string> {
  return await connected(url, async (client) => (await client.query<{ server_version: string }>("select current_setting('server_version') server_version")).rows[0]?.server_version ?? 'unknown');
}
