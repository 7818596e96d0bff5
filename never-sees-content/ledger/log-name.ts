/** The ledger's name: from the object of its first entry, so that no two installations share one. */
import type { Reader } from '../storage/storage.ts';

export async function logName(db: Reader): Promise<string> {
  return `modelkeep/${(await db.selectFrom('ledger_entries').select('object').where('seq', '=', 1).executeTakeFirst())?.object ?? ''}`;
}
