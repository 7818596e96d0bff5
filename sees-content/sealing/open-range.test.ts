import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkOpens } from './open.ts';
import { openRange } from './open-range.ts';
import type { Range, Read } from './open-range.ts';
import { seal } from './seal.ts';
import { collect, flipped, identity, inPieces, keys, plainOf } from './sealing-under-test.ts';
import { frameSize, headerSize, sealedFrameSize, sealedSize } from './sizes.ts';

const plain = plainOf(3 * frameSize + 1000);
const sealed = await collect(seal(inPieces(plain), identity, keys));
const reading = (whole: Buffer, read: [number, number][] = [], sizes = [50_000]): Read => (offset, length) => {
  read.push([offset, length]);
  return inPieces(whole.subarray(offset, offset + length), sizes);
};
const part = (range: Range, read = reading(sealed), size = sealed.length): Promise<Buffer> => collect(openRange(read, size, range, identity, keys));

test('a part is the same part of the plaintext, and only the header and its frames are read, in two pieces', async () => {
  const place = fc.oneof(fc.nat(plain.length), fc.tuple(fc.nat(3), fc.integer({ min: -1, max: 1 })).map(([frame, by]) => Math.max(0, frame * frameSize + by)));
  await fc.assert(fc.asyncProperty(place, place, fc.integer({ min: 997, max: 2 * sealedFrameSize }), async (one, other, piece) => {
    const [start, end] = [Math.min(one, other), Math.max(one, other)];
    const read: [number, number][] = [];
    assert.ok((await part({ start, end }, reading(sealed, read, [piece]))).equals(plain.subarray(start, end)));
    const [first, behind] = [Math.floor(start / frameSize), Math.ceil(end / frameSize)];
    const offset = headerSize + first * sealedFrameSize;
    assert.deepEqual(read, [[0, headerSize], ...start < end ? [[offset, Math.min(headerSize + behind * sealedFrameSize, sealed.length) - offset]] : []]);
  }), { numRuns: 100 });
});

test('of objects of any size', async () => {
  for (const size of [0, 1, frameSize - 1, frameSize, frameSize + 1, 2 * frameSize]) {
    const whole = await collect(seal(inPieces(plainOf(size)), identity, keys));
    for (const range of [{ start: 0, end: size }, { start: Math.floor(size / 2), end: size }, { start: size, end: size }]) {
      assert.ok((await part(range, reading(whole), whole.length)).equals(plainOf(size).subarray(range.start, range.end)));
    }
  }
});

test('a changed bit in a frame that is read, or in the header', async () => {
  const range = { start: frameSize + 5, end: frameSize + 6 };
  await fc.assert(fc.asyncProperty(fc.nat(sealedFrameSize * 8 - 1), async (bit) => {
    await assert.rejects(part(range, reading(flipped(sealed, (headerSize + sealedFrameSize) * 8 + bit))), { code: 'sealed_data_invalid', reason: 'frame' });
  }), { numRuns: 50 });
  for (let bit = 0; bit < headerSize * 8; bit += 5) await assert.rejects(part(range, reading(flipped(sealed, bit))), { code: 'sealed_data_invalid' });
});

test('another identity, other keys', async () => {
  for (const whose of [{ ...identity, owner: 'prj_2' }, { ...identity, purpose: 'adapter' }, { ...identity, object: 'fil_2' }]) {
    await assert.rejects(collect(openRange(reading(sealed), sealed.length, { start: 0, end: 1 }, whose, keys)), { reason: 'key' });
  }
  await assert.rejects(collect(openRange(reading(sealed), sealed.length, { start: 0, end: 0 }, identity, { ...keys, customer: keys.platform })), { reason: 'key' });
});

describe('a store that lies', () => {
  const end = { code: 'sealed_data_invalid', reason: 'end' };
  const frame = { code: 'sealed_data_invalid', reason: 'frame' };
  const short = headerSize + 2 * sealedFrameSize;
  test('about the size: noticed by who reads what it calls the end', async () => {
    await assert.rejects(part({ start: frameSize, end: 2 * frameSize }, reading(sealed), short), frame);
    await assert.rejects(part({ start: 3 * frameSize, end: 3 * frameSize + 10 }, reading(sealed), sealed.length - 1), frame);
    await assert.rejects(part({ start: 3 * frameSize, end: 3 * frameSize + 10 }, reading(sealed), sealed.length + 1), end);
    await assert.rejects(part({ start: 0, end: 0 }, reading(sealed.subarray(0, headerSize)), headerSize), end);
  });
  test('gives less, more, or another frame than was asked for', async () => {
    const range = { start: 0, end: 2 * frameSize };
    const lying = (change: (bytes: Buffer) => Buffer): Read => (offset, length) => inPieces(offset === 0 ? sealed.subarray(0, length) : change(sealed.subarray(offset, offset + length)));
    for (const less of [0, 1, 31, sealedFrameSize, 2 * sealedFrameSize - 1]) await assert.rejects(part(range, lying((bytes) => bytes.subarray(0, less))), end);
    for (const more of [1, sealedFrameSize]) await assert.rejects(part(range, lying((bytes) => Buffer.concat([bytes, sealed.subarray(-more)]))), end);
    await assert.rejects(part({ start: frameSize, end: 2 * frameSize }, lying(() => sealed.subarray(headerSize, headerSize + sealedFrameSize))), frame);
    await assert.rejects(part(range, () => inPieces(sealed.subarray(0, 10))), { code: 'sealed_data_invalid' });
  });
});

test('a part that the object does not have', async () => {
  for (const range of [{ start: -1, end: 1 }, { start: 2, end: 1 }, { start: 0, end: plain.length + 1 }, { start: 0.5, end: 1 }, { start: 0, end: NaN }]) await assert.rejects(part(range), RangeError);
});

describe('whether a copy opens', () => {
  test('is told from its header and first frame, of which nothing is given', async () => {
    for (const size of [0, 1, frameSize, frameSize + 1]) assert.equal(await checkOpens(seal(inPieces(plainOf(size)), identity, keys), identity, keys), undefined);
    const damagedLater = Buffer.concat([sealed.subarray(0, headerSize + sealedFrameSize), Buffer.alloc(100_000)]);
    let asked = 0;
    const counting = async function* (): AsyncGenerator<Buffer> { for await (const piece of inPieces(damagedLater, [1000])) { asked += piece.length; yield piece; } };
    await checkOpens(counting(), identity, keys);
    assert.ok(asked <= headerSize + sealedFrameSize + 1000);
  });
  test('it does not without either key, for another, or where its beginning was changed', async () => {
    for (const layer of ['customer', 'platform'] as const) await assert.rejects(checkOpens(inPieces(sealed), identity, { ...keys, [layer]: Buffer.alloc(32) }), { code: 'sealed_data_invalid', reason: 'key' });
    await assert.rejects(checkOpens(inPieces(sealed), { ...identity, owner: 'prj_2' }, keys), { reason: 'key' });
    await assert.rejects(checkOpens(inPieces(flipped(sealed, 8 * 1000)), identity, keys), { reason: 'frame' });
    await assert.rejects(checkOpens(inPieces(sealed.subarray(0, headerSize + sealedFrameSize)), identity, keys), { reason: 'frame' });
    await assert.rejects(checkOpens(inPieces(Buffer.alloc(0)), identity, keys), { reason: 'end' });
  });
  test('what breaks while reading is no answer', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> { yield sealed.subarray(0, 1000); await Promise.resolve(); throw new Error('EIO'); };
    await assert.rejects(checkOpens(broken(), identity, keys), { message: 'EIO' });
  });
});

test('a sealed object\'s size is known before it is there', () => assert.equal(sealed.length, sealedSize(plain.length)));
