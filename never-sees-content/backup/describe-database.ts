/** What an archive says of the database that it is of. */
import { identifier } from '../identity/identifier.ts';
import { logName } from '../ledger/log-name.ts';
import { newestCheckpoint } from '../ledger/newest-checkpoint.ts';
import { version } from '../server/version.ts';
import type { TableSnapshot } from '../storage/read-tables.ts';
import type { Origin } from './manifest.ts';

export async function describeDatabase({ schema, serverVersion, sequences, db }: TableSnapshot): Promise<Origin> {
  const head = await db.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  const checkpoint = await newestCheckpoint(db);
  return {
    id: identifier('bak'), takenAt: new Date().toISOString(), version, schema, postgres: serverVersion, sequences,
    ledger: { log: await logName(db), entries: head.seq, head: head.hash, checkpoint: checkpoint?.note ?? null, key: checkpoint?.key ?? null },
  };
}
