/**
 * The ledger's name: from the object of its first entry, so that no two installations share one. A restored installation goes on from an older state, so what it publishes is
 * a log of its own that begins with the entries of the old one: under the old name it would say two things of one tree. Its name ends in the object of the newest restoration.
 */
import type { Reader } from '../storage/storage.ts';

export async function logName(db: Reader): Promise<string> {
  const first = await db.selectFrom('ledger_entries').select('object').where('seq', '=', 1).executeTakeFirst();
  const restored = await db.selectFrom('ledger_entries').select('object').where('kind', '=', 'installation.restored').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return `modelkeep/${first?.object ?? ''}${restored ? `/${restored.object}` : ''}`;
}
