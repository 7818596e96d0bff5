/** Answers what anyone may read of the ledger: checkpoint, key, tiles, entries (https://c2sp.org/tlog-tiles). Only what the newest checkpoint covers. */
import { Refusal } from '../server/refusal.ts';
import type { Reader, Storage } from '../storage/storage.ts';
import { leafOf } from './leaf.ts';
import { newestCheckpoint } from './newest-checkpoint.ts';
import { hashBytes, hashesAt, tileWidth } from './merkle.ts';

export interface Published { body: Buffer; /** It will never change. */ immutable: boolean }

export async function publishedLedger(operation: string, params: Record<string, string>, storage: Storage): Promise<Published> {
  return await storage.read(async (db) => {
    const checkpoint = await newestCheckpoint(db);
    if (!checkpoint) throw new Refusal('not_found');
    switch (operation) {
      case 'ledgerCheckpoint': return { body: Buffer.from(checkpoint.note), immutable: false };
      case 'ledgerKey': return { body: Buffer.from(`${checkpoint.key}\n`), immutable: false };
      case 'ledgerTile': {
        const { level, a, b, c, d } = params;
        return { body: await tile(db, level ?? '', parseTileIndex([a, b, c, d].filter((each) => each !== undefined)), checkpoint.size), immutable: true };
      }
      default: throw new Refusal('not_found');
    }
  });
}

/** `x001/x234/067.p/8` is tile 1234067 with its first 8 hashes. @throws Refusal not_found where it is spelled otherwise */
export function parseTileIndex(segments: string[]): { index: number; width: number } {
  const match = /^((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(segments.join('/'));
  const width = match?.[3] === undefined ? tileWidth : Number(match[3]);
  if (!match || /^x000\//.test(match[1] ?? '') || (match[3] !== undefined && width >= tileWidth)) throw new Refusal('not_found');
  return { index: Number(`${(match[1] ?? '').replace(/[x/]/g, '')}${match[2] ?? ''}`), width };
}

async function tile(db: Reader, level: string, { index, width }: { index: number; width: number }, size: number): Promise<Buffer> {
  const from = index * tileWidth;
  if (from + width > hashesAt(level === 'entries' ? 0 : Number(level), size)) throw new Refusal('not_found');
  if (level === 'entries') {
    const rows = await db.selectFrom('ledger_entries').selectAll().where('seq', '>', from).where('seq', '<=', from + width).orderBy('seq').execute();
    return Buffer.concat(rows.map(leafOf).flatMap((leaf) => [Buffer.from([leaf.length >> 8, leaf.length & 0xff]), leaf]));
  }
  const row = await db.selectFrom('ledger_tiles').select('hashes').where('level', '=', Number(level)).where('index', '=', index).executeTakeFirst();
  if (!row || row.hashes.length < width * hashBytes) throw new Refusal('not_found');
  return row.hashes.subarray(0, width * hashBytes);
}
