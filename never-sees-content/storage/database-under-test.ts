/** A real database for tests: a fresh embedded cluster, or a fresh database on the server of `serverUrl`. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { copyCluster } from './embedded-postgres/cluster-under-test.ts';
import { startEmbeddedPostgres } from './embedded-postgres/postgres.ts';
import { Storage } from './storage.ts';

export interface DatabaseUnderTest {
  url: string;
  /** Folder that goes with the database: its `run` holds the sockets, its `data` belongs to whoever is under test. */
  folder: string;
  storage: Storage;
  /** Any statement, as someone with the database's password would send it. */
  statement(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Every row of every table, as text. */
  everything(): Promise<string>;
  stop(): Promise<void>;
}

/** `durable`: commits wait for the disk, as they do in use. */
export async function startDatabase(serverUrl: string | undefined, { durable = false } = {}): Promise<DatabaseUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'mk-db-'));
  for (const name of ['run', 'data']) mkdirSync(join(folder, name), { mode: 0o700 });
  if (serverUrl === undefined) await copyCluster(join(folder, 'postgres'));
  const server = serverUrl === undefined
    ? await startEmbeddedPostgres({ dataFolder: join(folder, 'postgres'), runFolder: join(folder, 'run'), fast: !durable })
    : await createDatabase(serverUrl);
  const { url } = server;
  const storage = await Storage.open(url);
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined);
  const statement = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => (await pool.query<Record<string, unknown>>(text, values)).rows;
  return {
    url, folder, storage, statement,
    everything: async () => {
      const tables = await statement("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'");
      const rows = await Promise.all(tables.map(({ table_name: table }) => statement(`select t::text as row from "${String(table)}" t`)));
      return rows.flat().map(({ row }) => String(row)).join('\n');
    },
    stop: async () => {
      await Promise.all([storage.close(), pool.end()]);
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A further database without anything in it. Without `serverUrl` it is made on the embedded cluster of `database`. */
export async function emptyDatabase({ folder }: Pick<DatabaseUnderTest, 'folder'>, serverUrl: string | undefined): Promise<{ url: string; stop: () => Promise<void> }> {
  return await createDatabase(serverUrl ?? `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(join(folder, 'run'))}`);
}

async function createDatabase(serverUrl: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const name = `modelkeep_test_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, stop: async () => { await client.query(`drop database ${name} with (force)`); await client.end(); } };
}
