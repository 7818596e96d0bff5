/** Proofs of the published tree (RFC 6962, sections 2.1.1 and 2.1.2), from its tiles. */
import type { Reader } from '../storage/storage.ts';
import { hashBytes, nodeHash, rootOfPerfect, tileWidth } from './merkle.ts';

/** Hashes of a level, by tile. */
type Tiles = (level: number, index: number) => Promise<Buffer>;

/** Tiles of the database, each read once. */
export function tilesOf(db: Reader): Tiles {
  const read = new Map<string, Promise<Buffer>>();
  return async (level, index) => {
    const name = `${level}/${index}`;
    const known = read.get(name);
    if (known) return await known;
    const tile = db.selectFrom('ledger_tiles').select('hashes').where('level', '=', level).where('index', '=', index).executeTakeFirstOrThrow().then(({ hashes }) => hashes);
    read.set(name, tile);
    return await tile;
  };
}

/** The leaves of one batch as tiles. */
export function tilesOfLeaves(leaves: Buffer[]): Tiles {
  return async (level, index) => {
    if (level === 0) return await Promise.resolve(Buffer.concat(leaves.slice(index * tileWidth, (index + 1) * tileWidth)));
    const below = tilesOfLeaves(leaves);
    const whole = Math.floor(leaves.length / tileWidth ** level);
    const parts: Buffer[] = [];
    for (let i = index * tileWidth; i < Math.min(whole, (index + 1) * tileWidth); i++) parts.push(rootOfPerfect(hashesIn(await below(level - 1, i), 0, tileWidth)));
    return Buffer.concat(parts);
  };
}

const hashesIn = (tile: Buffer, from: number, count: number): Buffer[] => Array.from({ length: count }, (_, i) => tile.subarray((from + i) * hashBytes, (from + i + 1) * hashBytes));
/** The largest power of two below n. */
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** Root of the leaves from `from` up to `to`, which begin at a multiple of their subtree's width. */
export async function rootOfRange(tiles: Tiles, from: number, to: number): Promise<Buffer> {
  const count = to - from;
  if (Number.isInteger(Math.log2(count))) {
    const level = Math.floor(Math.log2(count) / 8);
    const width = tileWidth ** level;
    return rootOfPerfect(hashesIn(await tiles(level, Math.floor(from / width / tileWidth)), (from / width) % tileWidth, count / width));
  }
  const k = split(count);
  return nodeHash(await rootOfRange(tiles, from, from + k), await rootOfRange(tiles, from + k, to));
}

/** Audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards. */
export async function inclusionPath(tiles: Tiles, index: number, size: number, from = 0): Promise<Buffer[]> {
  if (size <= 1) return [];
  const k = split(size);
  return index < k
    ? [...await inclusionPath(tiles, index, k, from), await rootOfRange(tiles, from + k, from + size)]
    : [...await inclusionPath(tiles, index - k, size - k, from + k), await rootOfRange(tiles, from, from + k)];
}

/** That the tree of `older` leaves is the beginning of the one of `newer`: SUBPROOF of the definition. */
export async function consistencyPath(tiles: Tiles, older: number, newer: number, from = 0, whole = true): Promise<Buffer[]> {
  if (older === newer) return whole ? [] : [await rootOfRange(tiles, from, from + newer)];
  const k = split(newer);
  return older <= k
    ? [...await consistencyPath(tiles, older, k, from, whole), await rootOfRange(tiles, from + k, from + newer)]
    : [...await consistencyPath(tiles, older - k, newer - k, from + k, false), await rootOfRange(tiles, from, from + k)];
}
