import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { startLayers } from './layers.ts';
import { open } from './open.ts';
import { seal } from './seal.ts';
import { sealFrames } from './seal-frames.ts';
import { collect, identity, inPieces, keys, opened, plainOf } from './sealing-under-test.ts';
import { frameSize, headerSize, plainSize, sealedSize } from './sizes.ts';

const sizesOfObjects = fc.oneof(fc.nat(300), fc.tuple(fc.nat(3), fc.integer({ min: -2, max: 2 })).map(([frames, by]) => Math.max(0, frames * frameSize + by)), fc.nat(3 * frameSize));
const pieces = fc.array(fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0, frameSize - 1, frameSize, frameSize + 32, 3 * frameSize)), { minLength: 1, maxLength: 5 }).map((sizes) => [...sizes, 4096]);
const texts = fc.string({ unit: 'grapheme', minLength: 1 });

test('what is sealed opens to the same bytes, whatever the size, the pieces it comes in, and whosever it is', async () => {
  await fc.assert(fc.asyncProperty(sizesOfObjects, pieces, pieces, fc.record({ owner: texts, purpose: texts, object: texts }), async (size, coming, going, of) => {
    const plain = plainOf(size);
    const own = { platform: randomBytes(32), customer: randomBytes(32) };
    const sealed = await collect(seal(inPieces(plain, coming), of, own));
    assert.deepEqual([sealed.length, plainSize(sealed.length)], [sealedSize(size), size]);
    assert.ok((await collect(open(inPieces(sealed, going), of, own))).equals(plain));
  }), { numRuns: 60 });
});

test('byte by byte, too', async () => {
  const sealed = await collect(seal(inPieces(plainOf(500), [1]), identity, keys));
  assert.ok((await collect(open(inPieces(sealed, [1]), identity, keys))).equals(plainOf(500)));
});

test('the same object sealed again has nothing in common with the first but its format', async () => {
  const [one, other] = await Promise.all([0, 1].map(() => collect(seal(inPieces(plainOf(64)), identity, keys)))) as [Buffer, Buffer];
  for (let at = 19; at + 16 <= one.length; at += 16) assert.ok(!one.subarray(at, at + 16).equals(other.subarray(at, at + 16)));
});

test('what is sealed goes out while the rest is still coming, and no more is asked for than is needed', async () => {
  let given = 0;
  const source = async function* (): AsyncGenerator<Buffer> { for (; given < 100; given++) yield await Promise.resolve(Buffer.alloc(65_536, given)); };
  let out = 0;
  for await (const piece of open(seal(source(), identity, keys), identity, keys)) {
    out += piece.length;
    assert.ok(given * 65_536 <= out + 2 * frameSize);
  }
  assert.equal(out, 100 * 65_536);
});

test('an object whose stream breaks off passes its error on, and what was sealed does not open', async () => {
  const broken = async function* (): AsyncGenerator<Buffer> { yield plainOf(frameSize + 5); await Promise.resolve(); throw new Error('the caller left'); };
  const sealed: Buffer[] = [];
  await assert.rejects(async () => { for await (const piece of seal(broken(), identity, keys)) sealed.push(piece); }, { message: 'the caller left' });
  assert.equal((await opened(Buffer.concat(sealed))).reason, 'frame');
});

describe('keys', () => {
  const salts = { customer: randomBytes(32), platform: randomBytes(32) };
  const frameKeys = (layers: ReturnType<typeof startLayers>): string => layers.customer.frameKey.toString('hex') + layers.platform.frameKey.toString('hex');

  test('the data keys may be zeroed at once, before a byte is sealed', async () => {
    const own = { platform: Buffer.from(keys.platform), customer: Buffer.from(keys.customer) };
    const sealed = seal(inPieces(plainOf(10)), identity, own);
    own.platform.fill(0);
    own.customer.fill(0);
    assert.ok((await collect(open(sealed, identity, keys))).equals(plainOf(10)));
  });
  test('derived keys are gone at the end, at an error, and where somebody stops', async () => {
    const whole = startLayers(identity, keys, salts);
    assert.doesNotMatch(frameKeys(whole), /^0+$/);
    await collect(sealFrames(inPieces(plainOf(10)), whole));
    const stopped = startLayers(identity, keys, salts);
    for await (const piece of sealFrames(inPieces(plainOf(10)), stopped)) { assert.equal(piece.length, headerSize); break; }
    const broken = startLayers(identity, keys, salts);
    await assert.rejects(collect(sealFrames((async function* () { yield Buffer.alloc(1); await Promise.resolve(); throw new Error('gone'); })(), broken)));
    for (const layers of [whole, stopped, broken]) assert.match(frameKeys(layers), /^0+$/);
  });
  test('one that is not 32 bytes, and an identity that has no spelling, are refused before anything is read', async () => {
    for (const length of [0, 16, 31, 33]) {
      for (const wrong of [{ ...keys, platform: Buffer.alloc(length, 1) }, { ...keys, customer: Buffer.alloc(length, 1) }]) assert.throws(() => seal(inPieces(plainOf(1)), identity, wrong), TypeError);
    }
    for (const wrong of [{ ...identity, owner: '' }, { ...identity, purpose: '' }, { ...identity, object: '' }, { ...identity, owner: '\ud800' }]) {
      assert.throws(() => seal(inPieces(plainOf(1)), wrong, keys), TypeError);
      await assert.rejects(collect(open(seal(inPieces(plainOf(1)), identity, keys), wrong, keys)), TypeError);
    }
  });
});
