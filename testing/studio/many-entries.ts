/** A ledger as long as a busy installation's: entries put straight into its table, since making them one by one takes hours. The first ones are real; these have made-up hashes. */
import pg from 'pg';
import { embeddedUrl } from '#control/storage/dump.ts';
import type { Installation } from '../installation.ts';

export async function addEntries(installation: Installation, many: number): Promise<void> {
  const database = new pg.Client({ connectionString: embeddedUrl(installation.run) });
  await database.connect();
  const head = Number((await database.query<{ seq: string }>('select seq from ledger_head')).rows[0]?.seq);
  await database.query('begin');
  await database.query('lock table ledger_head in exclusive mode');
  await database.query(`insert into ledger_entries (seq, at, kind, object, project_id, actor_kind, actor_id, facts, previous, hash, salt)
    select $1::bigint + i, to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'key.released', 'prc_' || i, null, 'system', 'control', '{}', 'p' || i, 'h' || i, decode(repeat('00', 32), 'hex') from generate_series(1, ${many}) i`, [head]);
  await database.query('update ledger_head set seq = $1', [head + many]);
  await database.query('commit');
  await database.end();
}
