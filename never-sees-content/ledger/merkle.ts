/** The Merkle tree of RFC 6962, section 2.1, over tiles of 256 hashes (https://c2sp.org/tlog-tiles). */
import { createHash } from 'node:crypto';

export const tileWidth = 256;
export const hashBytes = 32;

export const leafHash = (data: Buffer): Buffer => createHash('sha256').update('\0').update(data).digest();
export const nodeHash = (left: Buffer, right: Buffer): Buffer => createHash('sha256').update('\x01').update(left).update(right).digest();

/** Root of a whole subtree: as many hashes as a power of two. */
export function rootOfPerfect(hashes: Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i] as Buffer, row[2 * i + 1] as Buffer));
  return row[0] as Buffer;
}

/** The hashes of a tile, from its bytes. */
export const split = (bytes: Buffer): Buffer[] => Array.from({ length: Math.floor(bytes.length / hashBytes) }, (_, i) => bytes.subarray(i * hashBytes, (i + 1) * hashBytes));

/** How many hashes a level has in a tree of `size` leaves. */
export const hashesAt = (level: number, size: number): number => Math.floor(size / tileWidth ** level);

/** Root hash of a tree of `size` leaves. `edge`: by level, the hashes of its last tile that is not full. */
export function rootOf(size: number, edge: Buffer[][]): Buffer {
  if (size === 0) return createHash('sha256').digest();
  const subtrees: Buffer[] = [];
  for (let level = edge.length - 1; level >= 0; level--) {
    const hashes = edge[level] ?? [];
    let at = 0;
    for (let width = tileWidth / 2; width >= 1; width /= 2) {
      if ((hashes.length & width) === 0) continue;
      subtrees.push(rootOfPerfect(hashes.slice(at, at + width)));
      at += width;
    }
  }
  return subtrees.reduceRight((right, left) => nodeHash(left, right));
}
