/** The tree of RFC 6962 from the tiles of a log (https://c2sp.org/tlog-tiles). */
import { VerificationFailure } from './failure.ts';
import { equal, sha256 } from './note.ts';

/** Reads `tile/…` of a log. Rejects, or gives undefined, where it is not there. */
export type Read = (path: string) => Promise<Uint8Array | undefined>;

export const width = 256;
export const leafPrefix = Uint8Array.of(0);
export const nodePrefix = Uint8Array.of(1);

export function spell(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

export async function get(read: Read, path: string): Promise<Uint8Array> {
  const bytes = await read(path).catch(() => undefined);
  if (!bytes) throw new VerificationFailure('tile_missing');
  return bytes;
}

/** Every leaf hash of a log of `size` entries; each entry is checked against its hash. `onProgress`: entries checked so far. @throws VerificationFailure */
export async function readLeaves(size: number, read: Read, onProgress: (done: number) => void = () => undefined, onEntry: (entry: Uint8Array) => void = () => undefined): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  for (let from = 0; from < size; from += width) {
    const count = Math.min(width, size - from);
    const name = `${spell(from / width)}${count === width ? '' : `.p/${count}`}`;
    const hashes = await get(read, `tile/0/${name}`);
    if (hashes.length !== count * 32) throw new VerificationFailure('tile_missing');
    for (const [i, entry] of splitEntries(await get(read, `tile/entries/${name}`), count).entries()) {
      const hash = hashes.subarray(i * 32, (i + 1) * 32);
      if (!equal(await sha256(leafPrefix, entry), hash)) throw new VerificationFailure('entry_not_in_tree');
      leaves.push(hash);
      onEntry(entry);
    }
    onProgress(from + count);
  }
  return leaves;
}

export function splitEntries(bytes: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at + 2 <= bytes.length && entries.length < count) {
    const end = at + 2 + ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
    if (end > bytes.length) break;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at !== bytes.length || entries.length !== count) throw new VerificationFailure('entry_malformed');
  return entries;
}

/** Root of a tree of `size` leaves from one leaf's hash and its audit path (RFC 9162, section 2.1.3.2); undefined where the path does not fit. */
export async function rootFromPath(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): Promise<Uint8Array | undefined> {
  if (index >= size) return undefined;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const next of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = await sha256(nodePrefix, next, hash);
      while (at % 2 === 0 && at !== 0) { at /= 2; last = Math.floor(last / 2); }
    } else hash = await sha256(nodePrefix, hash, next);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

/** Root hash over leaf hashes: RFC 6962, section 2.1. */
export async function rootOf(leaves: Uint8Array[]): Promise<Uint8Array> {
  // A row's last hash without a neighbour goes up as it is: the same tree as the definition's.
  let row = leaves;
  if (row.length === 0) return await sha256();
  while (row.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const [left, right] = [row[i], row[i + 1]];
      if (left) next.push(right ? await sha256(nodePrefix, left, right) : left);
    }
    row = next;
  }
  return row[0] ?? await sha256();
}
