/** Opens a part of a sealed object: its header, then the frames that hold the part, which lie in one piece. */
import { cut } from './cut.ts';
import { openFrame } from './frame.ts';
import type { SealedIdentity } from './identity.ts';
import { openLayers, wipe } from './layers.ts';
import type { LayerKeys, Layers } from './layers.ts';
import { SealedDataInvalid } from './sealed-data-invalid.ts';
import { frameCount, frameSize, headerSize, plainSize, sealedFrameSize } from './sizes.ts';

/** Reads bytes of the sealed object from where it is kept. */
export type Read = (offset: number, length: number) => AsyncIterable<Buffer> | Promise<AsyncIterable<Buffer>>;
/** Bytes of plaintext from `start` up to, not including, `end`. */
export interface Range { start: number; end: number }

/**
 * `size`: of the sealed object. That it is the true one is authenticated when the last frame is among those opened, not otherwise.
 * @throws SealedDataInvalid, RangeError where the plaintext has no such part
 */
export async function* openRange(read: Read, size: number, { start, end }: Range, identity: SealedIdentity, keys: LayerKeys): AsyncGenerator<Buffer, void, undefined> {
  const plain = plainSize(size);
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start > end || end > plain) throw new RangeError('a part that the object does not have');
  const layers = openLayers(await whole(await read(0, headerSize)), identity, keys);
  try {
    if (start < end || plain === 0) yield* openFrames(layers, read, size, { start, end });
  } finally { wipe(layers); }
}

async function* openFrames(layers: Layers, read: Read, size: number, { start, end }: Range): AsyncGenerator<Buffer, void, undefined> {
  const first = Math.floor(start / frameSize);
  const final = Math.max(first, Math.ceil(end / frameSize) - 1);
  const offset = headerSize + first * sealedFrameSize;
  const length = Math.min(headerSize + (final + 1) * sealedFrameSize, size) - offset;
  let index = first;
  let taken = 0;
  for await (const { block, last } of cut(await read(offset, length), sealedFrameSize)) {
    taken += block.length;
    if (taken > length || (last && taken < length)) throw new SealedDataInvalid('end');
    const from = index * frameSize;
    const plain = openFrame(layers, block, index, index === frameCount(size) - 1);
    yield plain.subarray(Math.max(0, start - from), end - from);
    index++;
  }
}

async function whole(source: AsyncIterable<Buffer>): Promise<Buffer> {
  for await (const { block } of cut(source, headerSize)) return Buffer.from(block);
  throw new SealedDataInvalid('end');
}
