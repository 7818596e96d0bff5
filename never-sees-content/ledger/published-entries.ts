/** Entries that the newest checkpoint covers, each with its proof. */
import type { Selectable } from 'kysely';
import type { ProvenEntry } from '#contract/receipt.ts';
import type { Reader } from '../storage/storage.ts';
import type { Kind } from './entry.ts';
import { leafOf } from './leaf.ts';
import { newestCheckpoint } from './newest-checkpoint.ts';
import { inclusionPath, tilesOf } from './prove.ts';
import type { LedgerTables } from './tables.ts';

type Row = Selectable<LedgerTables['ledger_entries']>;
export interface PublishedEntries {
  /** Verifier key and signed note of the checkpoint. */
  key: string; note: string; size: number;
  /** The entry of one kind about one object. */
  find(kind: Kind, object: string): Promise<ProvenEntry | undefined>;
  prove(row: Row): Promise<ProvenEntry>;
}

/** @returns undefined where nothing is published yet */
export async function publishedEntries(db: Reader): Promise<PublishedEntries | undefined> {
  const checkpoint = await newestCheckpoint(db);
  if (!checkpoint) return undefined;
  const { size } = checkpoint;
  const tiles = tilesOf(db);
  const prove = async (row: Row): Promise<ProvenEntry> => {
    const index = row.seq - 1;
    const path = await inclusionPath(tiles, index, size);
    return { index, entry: leafOf(row).toString(), path: path.map((hash) => hash.toString('base64')) };
  };
  return {
    ...checkpoint, prove,
    find: async (kind, object) => {
      const row = await db.selectFrom('ledger_entries').selectAll().where('object', '=', object).where('kind', '=', kind).where('seq', '<=', size).orderBy('seq').limit(1).executeTakeFirst();
      return row && await prove(row);
    },
  };
}
