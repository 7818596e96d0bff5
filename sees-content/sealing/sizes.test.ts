import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SealedDataInvalid } from './sealed-data-invalid.ts';
import { frameSize, headerSize, plainSize, sealedFrameSize, sealedSize } from './sizes.ts';

const nearAFrame = fc.tuple(fc.nat(4_000_000), fc.integer({ min: -40, max: 40 })).map(([frames, by]) => Math.max(0, frames * frameSize + by));
const sizes = fc.oneof(fc.nat(1000), nearAFrame, fc.nat(2 ** 31 - 1));

test('each size of plaintext has one size sealed, and back', () => {
  fc.assert(fc.property(sizes, (size) => { assert.equal(plainSize(sealedSize(size)), size); }));
});

test('a size is either that of one plaintext, or of no sealed object', () => {
  const sealed = fc.oneof(fc.nat(1000), fc.tuple(fc.nat(1000), fc.integer({ min: -100, max: 100 })).map(([frames, by]) => headerSize + frames * sealedFrameSize + by));
  fc.assert(fc.property(sealed, (size) => {
    let plain: number;
    try { plain = plainSize(size); } catch (error) {
      assert.ok(error instanceof SealedDataInvalid);
      return;
    }
    assert.equal(sealedSize(plain), size);
  }), { numRuns: 2000 });
});

test('an object ends in a frame, an empty one only where it is all', () => {
  assert.equal(plainSize(headerSize + 32), 0);
  for (const size of [0, headerSize, headerSize + 31, headerSize + sealedFrameSize + 1, headerSize + sealedFrameSize + 32, -1, 1.5, NaN, Infinity, 2 ** 53]) assert.throws(() => plainSize(size), SealedDataInvalid, String(size));
});

test('more than 2^32 frames are none', () => {
  const most = 2 ** 32 * frameSize;
  assert.equal(plainSize(sealedSize(most)), most);
  for (const size of [most + 1, -1, 0.5, NaN]) assert.throws(() => sealedSize(size), RangeError);
  assert.throws(() => plainSize(sealedSize(most) + 33), SealedDataInvalid);
});
