/** How long the parts of a sealed object are, in bytes (docs/sealed-object.md). */
import { SealedDataInvalid } from './sealed-data-invalid.ts';

/** Plaintext of a whole frame: smaller ones are slower, larger ones gain little and make a small part dear to read (bench/sealing/). */
export const frameSize = 262_144;
export const tagSize = 16;
/** What both layers add to a frame. */
export const frameOverhead = 2 * tagSize;
export const sealedFrameSize = frameSize + frameOverhead;
export const headerSize = 147;
export const mostFrames = 2 ** 32;

/** @throws RangeError where no object can be so long */
export function sealedSize(plain: number): number {
  if (!Number.isSafeInteger(plain) || plain < 0 || plain > mostFrames * frameSize) throw new RangeError('no size of an object');
  return headerSize + plain + frameOverhead * Math.max(1, Math.ceil(plain / frameSize));
}

/** @throws SealedDataInvalid where no sealed object is so long */
export function plainSize(sealed: number): number {
  const body = sealed - headerSize;
  const frames = frameCount(sealed);
  const last = body - (frames - 1) * sealedFrameSize - frameOverhead;
  if (!Number.isSafeInteger(sealed) || frames < 1 || frames > mostFrames || last < 0 || (last === 0 && frames > 1)) throw new SealedDataInvalid('end');
  return body - frames * frameOverhead;
}

/** Of a sealed object of this size, which `plainSize` accepts. */
export const frameCount = (sealed: number): number => Math.ceil((sealed - headerSize) / sealedFrameSize);
