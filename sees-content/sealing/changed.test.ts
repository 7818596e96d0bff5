/** No changed bit goes unnoticed, in what is sealed, in whose it is, in the keys, or by somebody who has one of the two keys. */
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openFrame, sealFrame } from './frame.ts';
import { openLayers, startLayers } from './layers.ts';
import type { LayerKey } from './layers.ts';
import { seal } from './seal.ts';
import { SealedDataInvalid } from './sealed-data-invalid.ts';
import { collect, flipped, identity, inPieces, keys, opened, plainOf } from './sealing-under-test.ts';
import { frameSize, headerSize, sealedFrameSize } from './sizes.ts';

const nothing = Buffer.alloc(0);
const bits = (whole: Buffer): number[] => Array.from({ length: whole.length * 8 }, (_, bit) => bit);
/** Salts of their own: a test's layers are never sealed under twice. */
const newLayers = () => startLayers(identity, keys, { customer: randomBytes(32), platform: randomBytes(32) });

for (const size of [0, 1, 17]) {
  test(`any bit of a sealed object of ${size} bytes`, async () => {
    const sealed = await collect(seal(inPieces(plainOf(size)), identity, keys));
    for (const bit of bits(sealed)) {
      const at = bit >> 3;
      const reason = at < 19 ? 'format' : at < headerSize ? 'key' : 'frame';
      assert.deepEqual(await opened(flipped(sealed, bit)), { given: nothing, reason }, `bit ${bit}`);
    }
  });
}

test('any bit of an object of many frames: what comes before it is given, and nothing of its frame', async () => {
  const plain = plainOf(2 * frameSize + 1000);
  const sealed = await collect(seal(inPieces(plain), identity, keys));
  await fc.assert(fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (bit) => {
    const frame = Math.max(0, Math.floor(((bit >> 3) - headerSize) / sealedFrameSize));
    const { given, reason } = await opened(flipped(sealed, bit));
    assert.notEqual(reason, undefined);
    assert.ok(given.equals(plain.subarray(0, frame * frameSize)));
  }), { numRuns: 200 });
});

test('any bit of owner, purpose and object', async () => {
  const sealed = await collect(seal(inPieces(plainOf(17)), identity, keys));
  for (const part of ['owner', 'purpose', 'object'] as const) {
    const text = identity[part];
    for (let bit = 0; bit < text.length * 7; bit++) {
      const at = Math.floor(bit / 7);
      const other = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit % 7))) + text.slice(at + 1);
      assert.deepEqual(await opened(sealed, { ...identity, [part]: other }), { given: nothing, reason: 'key' });
    }
  }
});

test('identities that read the same when written in a row are not the same', async () => {
  const sealed = await collect(seal(inPieces(plainOf(17)), { owner: 'ab', purpose: 'cd', object: 'ef' }, keys));
  for (const [owner, purpose, object] of [['abc', 'd', 'ef'], ['a', 'bcd', 'ef'], ['ab', 'c', 'def'], ['ab', 'cde', 'f'], ['cd', 'ab', 'ef'], ['ef', 'cd', 'ab']] as const) {
    assert.equal((await opened(sealed, { owner, purpose, object })).reason, 'key');
  }
});

test('any bit of either key, and the keys exchanged', async () => {
  const sealed = await collect(seal(inPieces(plainOf(17)), identity, keys));
  for (const layer of ['customer', 'platform'] as const) {
    for (const bit of bits(keys[layer])) assert.deepEqual(await opened(sealed, identity, { ...keys, [layer]: flipped(keys[layer], bit) }), { given: nothing, reason: 'key' });
  }
  assert.equal((await opened(sealed, identity, { customer: keys.platform, platform: keys.customer })).reason, 'key');
});

test('the layers exchanged in the header, under one key for both', async () => {
  const one = { customer: keys.customer, platform: keys.customer };
  const sealed = await collect(seal(inPieces(plainOf(17)), identity, one));
  const exchanged = Buffer.concat([sealed.subarray(0, 19), sealed.subarray(83, 147), sealed.subarray(19, 83), sealed.subarray(headerSize)]);
  assert.deepEqual(await opened(exchanged, identity, one), { given: nothing, reason: 'key' });
});

describe('a frame', () => {
  const layers = newLayers();
  const frame = Buffer.concat(sealFrame(layers, plainOf(17), 5, false));
  const invalid = { code: 'sealed_data_invalid', reason: 'frame' };
  test('opens in its place', () => assert.deepEqual(openFrame(layers, frame, 5, false), plainOf(17)));
  test('at any other index, or as the last one', () => {
    for (let bit = 0; bit < 32; bit++) assert.throws(() => openFrame(layers, frame, (5 ^ (1 << bit)) >>> 0, false), invalid);
    for (const index of [2 ** 32 + 5, 2 ** 40]) assert.throws(() => openFrame(layers, frame, index, false), invalid);
    assert.throws(() => openFrame(layers, frame, 5, true), invalid);
  });
  for (const layer of ['customer', 'platform'] as const) {
    test(`under a binding of the layer ${layer} with any bit changed`, () => {
      for (const bit of bits(layers[layer].binding)) assert.throws(() => openFrame({ ...layers, [layer]: { ...layers[layer], binding: flipped(layers[layer].binding, bit) } }, frame, 5, false), invalid);
    });
  }
  test('is not sealed past the last index', () => assert.throws(() => sealFrame(layers, plainOf(1), 2 ** 32, true), RangeError));
});

describe('somebody who has the platform\'s key', () => {
  const layers = newLayers();
  const nonce = (index: number, last: boolean): Buffer => Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, index, Number(last)]);
  const data = ({ binding }: LayerKey, index: number, last: boolean, size: number): Buffer => Buffer.concat([binding, Buffer.from([0, 0, 0, 0, 0, 0, 0, index, Number(last), 0, 0, 0, size])]);
  const withoutPlatform = (frame: Buffer, index: number, last: boolean): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', layers.platform.frameKey, nonce(index, last)).setAAD(data(layers.platform, index, last, frame.length - 32)).setAuthTag(frame.subarray(-16));
    return Buffer.concat([decipher.update(frame.subarray(0, -16)), decipher.final()]);
  };
  const withPlatform = (inner: Buffer, index: number, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', layers.platform.frameKey, nonce(index, last)).setAAD(data(layers.platform, index, last, inner.length - 16));
    return Buffer.concat([cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
  };
  const sealed = (index: number, last: boolean): Buffer => Buffer.concat(sealFrame(layers, plainOf(17 + index), index, last));
  const inner = withoutPlatform(sealed(0, false), 0, false);
  const refused = (frame: Buffer, index: number, last: boolean): void => { assert.throws(() => openFrame(layers, frame, index, last), SealedDataInvalid); };

  test('can take that layer off and put it on again, and it opens', () => assert.deepEqual(openFrame(layers, withPlatform(inner, 0, false), 0, false), plainOf(17)));
  test('cannot change a bit of what is below', () => { for (const bit of bits(inner)) refused(withPlatform(flipped(inner, bit), 0, false), 0, false); });
  test('cannot move a frame, make it the last one, shorten or lengthen it', () => {
    refused(withPlatform(inner, 1, false), 1, false);
    refused(withPlatform(inner, 0, true), 0, true);
    for (let length = 16; length < inner.length; length++) refused(withPlatform(inner.subarray(0, length), 0, false), 0, false);
    refused(withPlatform(Buffer.concat([inner, Buffer.alloc(1)]), 0, false), 0, false);
  });
  test('cannot make it an object of somebody else', () => {
    for (const whose of [{ ...identity, owner: 'prj_2' }, { ...identity, purpose: 'adapter' }, { ...identity, object: 'fil_2' }]) {
      // Knows the platform's data key, so a right commitment of that layer; the other one cannot be made.
      const forged = startLayers(whose, { ...keys, customer: randomBytes(32) }, { customer: randomBytes(32), platform: randomBytes(32) }).header;
      assert.throws(() => openLayers(forged, whose, keys), { reason: 'key' });
    }
  });
});
