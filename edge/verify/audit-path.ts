/** The audit path of a leaf, from the tiles of a log: nothing but the log's own hashes, which the root in a signed checkpoint vouches for or not. */
import { sha256 } from './note.ts';
import { get, nodePrefix, spell, width } from './tree.ts';
import type { Read } from './tree.ts';

const hashBytes = 32;
const perTile = Math.log2(width);
/** The largest power of two below n. */
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** RFC 6962, section 2.1.1: from the leaf upwards. Each tile is read once. @throws VerificationFailure tile_missing */
export async function readAuditPath(index: number, size: number, read: Read): Promise<Uint8Array[]> {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const tile = async (level: number, at: number): Promise<Uint8Array> => {
    const there = Math.min(width, Math.floor(size / width ** level) - at * width);
    const path = `tile/${level}/${spell(at)}${there === width ? '' : `.p/${there}`}`;
    const known = tiles.get(path) ?? get(read, path);
    tiles.set(path, known);
    return await known;
  };
  return await pathIn(0, size, index, (from, count) => rootOfRange(tile, from, count));
}

type Root = (from: number, count: number) => Promise<Uint8Array>;
async function pathIn(from: number, size: number, index: number, root: Root): Promise<Uint8Array[]> {
  if (size <= 1) return [];
  const k = split(size);
  return index < k ? [...await pathIn(from, k, index, root), await root(from + k, size - k)] : [...await pathIn(from + k, size - k, index - k, root), await root(from, k)];
}

async function rootOfRange(tile: (level: number, at: number) => Promise<Uint8Array>, from: number, count: number): Promise<Uint8Array> {
  const power = Math.log2(count);
  if (!Number.isInteger(power)) {
    const k = split(count);
    return await sha256(nodePrefix, await rootOfRange(tile, from, k), await rootOfRange(tile, from + k, count - k));
  }
  const level = Math.floor(power / perTile);
  const leaves = width ** level;
  const hashes = await tile(level, Math.floor(from / leaves / width));
  const first = (from / leaves) % width;
  return await perfect(Array.from({ length: count / leaves }, (_, i) => hashes.subarray((first + i) * hashBytes, (first + i + 1) * hashBytes)));
}

async function perfect(row: Uint8Array[]): Promise<Uint8Array> {
  const [left = new Uint8Array(), right] = row;
  if (right === undefined) return left;
  if (row.length === 2) return await sha256(nodePrefix, left, right);
  return await sha256(nodePrefix, await perfect(row.slice(0, row.length / 2)), await perfect(row.slice(row.length / 2)));
}
