/** Frames that were cut off, exchanged, left out, repeated, added, or taken from somewhere else. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { sealFrame } from './frame.ts';
import { startLayers } from './layers.ts';
import { seal } from './seal.ts';
import { collect, identity, inPieces, keys, opened, plainOf } from './sealing-under-test.ts';
import { frameSize, headerSize, sealedFrameSize } from './sizes.ts';

const plain = plainOf(2 * frameSize + 1000);
const sealAs = (of: typeof identity): Promise<Buffer> => collect(seal(inPieces(plain), of, keys));
const own = await sealAs(identity);
/** The object, another sealing of it, and objects with the same keys that are another's, for something else, or another one. */
const objects = [own, ...await Promise.all([identity, { ...identity, owner: 'prj_2' }, { ...identity, purpose: 'adapter' }, { ...identity, object: 'fil_2' }].map(sealAs))];
const framesOf = (sealed: Buffer): Buffer[] => [0, 1, 2].map((i) => sealed.subarray(headerSize + i * sealedFrameSize, headerSize + (i + 1) * sealedFrameSize));
const header = own.subarray(0, headerSize);

/** It fails, and what was given until then is the beginning of the plaintext, in whole frames. */
async function refuses(sealed: Buffer): Promise<void> {
  const { given, reason } = await opened(sealed);
  assert.notEqual(reason, undefined);
  assert.equal(given.length % frameSize, 0);
  assert.ok(given.equals(plain.subarray(0, given.length)));
}

test('as it is, it opens', async () => assert.deepEqual(await opened(Buffer.concat([header, ...framesOf(own)])), { given: plain, reason: undefined }));

test('any other row of frames, its own or those of other objects under the same keys', async () => {
  const row = fc.array(fc.tuple(fc.nat(objects.length - 1), fc.nat(2)), { maxLength: 5 }).filter((frames) => frames.map(String).join(' ') !== '0,0 0,1 0,2');
  await fc.assert(fc.asyncProperty(row, (frames) => refuses(Buffer.concat([header, ...frames.map(([object, i]) => framesOf(objects[object] ?? own)[i] ?? header)]))), { numRuns: 150 });
});

test('one frame of it from another object, or another object\'s header', async () => {
  for (const other of objects.slice(1)) {
    for (const i of [0, 1, 2]) await refuses(Buffer.concat([header, ...framesOf(own).with(i, framesOf(other)[i] ?? header)]));
    await refuses(Buffer.concat([other.subarray(0, headerSize), ...framesOf(own)]));
  }
});

test('cut at any place: at each frame\'s border and beside it, in the header, and anywhere else', async () => {
  const borders = [0, 1, 2].map((i) => headerSize + i * sealedFrameSize);
  for (const border of [...borders, own.length - 32, own.length]) for (const by of [-33, -32, -17, -16, -1, 0, 1, 16, 32, 33]) if (border + by < own.length) await refuses(own.subarray(0, border + by));
  for (let length = 0; length < headerSize; length++) assert.equal((await opened(own.subarray(0, length))).reason, 'end');
  await fc.assert(fc.asyncProperty(fc.nat(own.length - 1), (length) => refuses(own.subarray(0, length))), { numRuns: 100 });
});

test('a short object cut at every byte', async () => {
  const sealed = await collect(seal(inPieces(plainOf(17)), identity, keys));
  for (let length = 0; length < sealed.length; length++) assert.deepEqual((await opened(sealed.subarray(0, length))).given.length, 0);
  for (let length = 0; length < sealed.length; length++) assert.notEqual((await opened(sealed.subarray(0, length))).reason, undefined);
});

test('anything behind it', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.constantFrom(own, header, ...framesOf(own))), (more) => refuses(Buffer.concat([own, more]))), { numRuns: 50 });
});

test('an object whose size is a whole number of frames cannot be given an empty last frame', async () => {
  const whole = await collect(seal(inPieces(plainOf(frameSize)), identity, keys));
  const empty = await collect(seal(inPieces(plainOf(0)), identity, keys));
  const { given, reason } = await opened(Buffer.concat([whole, empty.subarray(headerSize)]));
  assert.deepEqual([given.length, reason], [0, 'frame']);
});

test('nor by somebody who has both keys and cuts the same plaintext in another way', async () => {
  const layers = startLayers(identity, keys, { customer: randomBytes(32), platform: randomBytes(32) });
  const whole = sealFrame(layers, plainOf(frameSize), 0, false);
  const { given, reason } = await opened(Buffer.concat([layers.header, ...whole, ...sealFrame(layers, Buffer.alloc(0), 1, true)]));
  assert.deepEqual([given.length, reason], [frameSize, 'end']);
});
