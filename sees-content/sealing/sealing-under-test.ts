/** Objects to try the format on: the vectors that another implementation made, and small things that every test of this folder needs. */
import { readFileSync } from 'node:fs';
import type { SealedIdentity } from './identity.ts';
import { startLayers } from './layers.ts';
import type { LayerKeys, Salts } from './layers.ts';
import { open } from './open.ts';
import { sealFrames } from './seal-frames.ts';
import { SealedDataInvalid } from './sealed-data-invalid.ts';

interface Derived { frame_key: string; commitment: string; binding: string }
export interface Vector extends SealedIdentity {
  name: string; salts: Record<keyof Salts, string>; plain_size: number; plain_sha256: string; sealed_size: number; sealed_sha256: string; sealed?: string; derived: Record<keyof Salts, Derived>;
}
export interface Refused { of: string; why: string; identity?: Partial<SealedIdentity>; flip?: number; keep?: [from: number, to: number][] }
interface Vectors { keys: Record<keyof LayerKeys, string>; objects: Vector[]; refused: Refused[] }

export const vectors = JSON.parse(readFileSync(new URL('../../contract/vectors/sealed-1.json', import.meta.url), 'utf8')) as Vectors;
const bytes = <Name extends string>(hex: Record<Name, string>): Record<Name, Buffer> => Object.fromEntries(Object.entries<string>(hex).map(([name, text]) => [name, Buffer.from(text, 'hex')])) as Record<Name, Buffer>;
export const keys: LayerKeys = bytes(vectors.keys);
export const identity: SealedIdentity = { owner: 'prj_1', purpose: 'training-file', object: 'fil_1' };

/** The plaintext of the vectors. */
export const plainOf = (size: number): Buffer => Buffer.from(Uint8Array.from({ length: size }, (_, k) => k + Math.floor(k / 251)));
export const vectorNamed = (name: string): Vector => {
  const found = vectors.objects.find((each) => each.name === name);
  if (!found) throw new Error(`no vector ${name}`);
  return found;
};
export const identityOf = ({ owner, purpose, object }: SealedIdentity): SealedIdentity => ({ owner, purpose, object });
/** A vector sealed by this code, with the vector's salts. */
export const sealVector = (vector: Vector): Promise<Buffer> => collect(sealFrames(inPieces(plainOf(vector.plain_size)), startLayers(identityOf(vector), keys, bytes(vector.salts))));
export function refusedBytes({ flip, keep }: Refused, sealed: Buffer): Buffer {
  if (flip !== undefined) return flipped(sealed, flip);
  return keep ? Buffer.concat(keep.map(([from, to]) => sealed.subarray(from, to))) : sealed;
}

/** A stream of these bytes in pieces as long as `sizes` says, over and over, empty ones included. */
export async function* inPieces(whole: Buffer, sizes: number[] = [65_536]): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0, i = 0; at < whole.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield await Promise.resolve(whole.subarray(at, at + size));
    at += size;
  }
}
export async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}
export function flipped(whole: Buffer, bit: number): Buffer {
  const copy = Buffer.from(whole);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}

/** What is given out of an object that does not open, and why it does not; `reason` is undefined where it opens. */
export async function opened(sealed: AsyncIterable<Buffer> | Buffer, of: SealedIdentity = identity, under: LayerKeys = keys): Promise<{ given: Buffer; reason: SealedDataInvalid['reason'] | undefined }> {
  const given: Buffer[] = [];
  try {
    for await (const plain of open(Buffer.isBuffer(sealed) ? inPieces(sealed) : sealed, of, under)) given.push(plain);
  } catch (error) {
    if (!(error instanceof SealedDataInvalid)) throw error;
    return { given: Buffer.concat(given), reason: error.reason };
  }
  return { given: Buffer.concat(given), reason: undefined };
}
