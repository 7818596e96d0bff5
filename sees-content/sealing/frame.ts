/** One frame in both layers, side by side. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { LayerKey, Layers } from './layers.ts';
import { SealedDataInvalid } from './sealed-data-invalid.ts';
import { frameOverhead, frameSize, mostFrames, tagSize } from './sizes.ts';

/** `size`: bytes of plaintext. */
interface Place { index: number; last: boolean; size: number }

/** @returns the frame in two pieces: copying them together would cost a quarter of the time */
export function sealFrame(layers: Layers, plain: Buffer, index: number, last: boolean): [Buffer, Buffer] {
  const place = { index, last, size: plain.length };
  if (index >= mostFrames) throw new RangeError('an object of too many frames');
  const inner = cipher(layers.customer, place);
  const ciphertext = inner.update(plain);
  inner.final();
  const outer = cipher(layers.platform, place);
  const body = outer.update(ciphertext);
  const tag = outer.update(inner.getAuthTag());
  outer.final();
  return [body, Buffer.concat([tag, outer.getAuthTag()])];
}

/** @returns the plaintext, after both tags were right. @throws SealedDataInvalid */
export function openFrame(layers: Layers, sealed: Buffer, index: number, last: boolean): Buffer {
  const place = { index, last, size: sealed.length - frameOverhead };
  if (place.size < 0 || (place.size === 0 && index > 0)) throw new SealedDataInvalid('end');
  if (place.size > frameSize || index >= mostFrames) throw new SealedDataInvalid('frame');
  const inner = unlock(layers.platform, place, sealed.subarray(0, -tagSize), sealed.subarray(-tagSize));
  return unlock(layers.customer, place, inner.subarray(0, -tagSize), inner.subarray(-tagSize));
}

function unlock(key: LayerKey, place: Place, ciphertext: Buffer, tag: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key.frameKey, nonce(place), { authTagLength: tagSize }).setAAD(associatedData(key, place)).setAuthTag(tag);
  const text = decipher.update(ciphertext);
  try { decipher.final(); } catch {
    text.fill(0);
    throw new SealedDataInvalid('frame');
  }
  return text;
}

const cipher = (key: LayerKey, place: Place) => createCipheriv('aes-256-gcm', key.frameKey, nonce(place), { authTagLength: tagSize }).setAAD(associatedData(key, place));

function nonce({ index, last }: Place): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(index, 5, 6);
  bytes.writeUInt8(Number(last), 11);
  return bytes;
}

function associatedData({ binding }: LayerKey, { index, last, size }: Place): Buffer {
  const bytes = Buffer.alloc(45);
  binding.copy(bytes);
  bytes.writeUIntBE(index, 34, 6);
  bytes.writeUInt8(Number(last), 40);
  bytes.writeUInt32BE(size, 41);
  return bytes;
}
