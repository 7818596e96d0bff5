/** One connection to a database as it is, whatever its schema: for backups, which change nothing, and for loading, which begins with nothing. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './database.ts';
import { StorageError, types } from './storage.ts';

/** @throws StorageError database_unreachable */
export async function withConnection<T>(url: string, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 1, types, connectionTimeoutMillis: 10_000, options: '-c timezone=UTC' });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => { client.on('error', () => undefined); });
  try { await pool.query('select 1'); } catch (error) { await pool.end(); throw new StorageError('database_unreachable', error); }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try { return await work(db); } finally { await db.destroy(); }
}
