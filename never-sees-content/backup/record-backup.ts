/** Enters a backup: a copy that no deletion reaches must be known to whoever proves one. */
import type { MadeBackup } from '#contract/internal/backup.ts';
import type { LedgerEntryInput } from '../ledger/entry.ts';
import type { Actor } from '../ledger/entry.ts';
import type { Storage, Writer } from '../storage/storage.ts';

/** Whoever may start the program may read the data folder: the user of `modelkeep up`. */
export const author: Actor = { kind: 'local_user', id: 'local' };

/** @returns the entry; undefined where it is known already */
export async function enterBackup(tx: Writer, { takenAt, ...made }: MadeBackup): Promise<LedgerEntryInput | undefined> {
  const { numInsertedOrUpdatedRows } = await tx.insertInto('backups').values({ ...made, taken_at: takenAt }).onConflict((on) => on.column('id').doNothing()).executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return undefined;
  return { kind: 'backup.recorded', object: made.id, projectId: null, facts: { backupKind: made.kind, takenAt, bytes: made.bytes, count: made.objects, backupDigest: made.digest, place: made.place } };
}

export async function recordBackup(storage: Storage, made: MadeBackup): Promise<void> {
  await storage.transact(author, async (tx) => {
    const entry = await enterBackup(tx, made);
    return entry ? { result: undefined, entry } : { result: undefined, unchanged: true };
  });
}
