/** The newest checkpoint, as it is published. */
import type { Reader } from '../storage/storage.ts';

/** `key`: verifier key. `note`: signed note, with the cosignatures of witnesses. Undefined where nothing is published yet. */
export async function newestCheckpoint(db: Reader): Promise<{ key: string; note: string; size: number } | undefined> {
  const row = await db.selectFrom('ledger_checkpoints').select(['size', 'note', 'cosignatures', 'verifier_key']).orderBy('size', 'desc').limit(1).executeTakeFirst();
  return row && { key: row.verifier_key, note: row.note + row.cosignatures, size: row.size };
}
