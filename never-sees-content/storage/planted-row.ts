/** A row that the audit plants in the embedded database and must find: a leak in a table of somebody's own, long enough to be stored apart and compressed. */
import pg from 'pg';
import { embeddedUrl } from './dump.ts';

const table = 'audit_positive_control';

async function perform(runFolder: string, ...statements: [text: string, values: string[]][]): Promise<void> {
  const client = new pg.Client({ connectionString: embeddedUrl(runFolder), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try { for (const [text, values] of statements) await client.query(text, values); } finally { await client.end().catch(() => undefined); }
}

/** Throws the database's error. */
export async function plantRow(runFolder: string, text: string): Promise<void> {
  await perform(runFolder, [`create table if not exists ${table} (content text)`, []], [`insert into ${table} values ($1)`, [text]]);
}

export async function removeRow(runFolder: string): Promise<void> { await perform(runFolder, [`drop table if exists ${table}`, []]); }
