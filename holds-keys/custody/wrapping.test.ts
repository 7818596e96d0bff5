import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap, wrap } from './wrapping.ts';

const under = randomBytes(32);
const tampered = { code: 'key_tampered' };
const belonging = { project: 'prj_a', object: 'obj_b', purpose: 'file', layer: 'platform' };

test('what is wrapped is unwrapped, whatever its length, under the same key and for the same thing only', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.integer())), (bytes, belongs) => {
    const wrapped = wrap(Buffer.from(bytes), under, belongs);
    assert.deepEqual(unwrap(wrapped, under, belongs), Buffer.from(bytes));
    assert.throws(() => unwrap(wrapped, randomBytes(32), belongs), tampered);
    assert.throws(() => unwrap(wrapped, under, { ...belongs, more: '' }), tampered);
  }));
});

test('every bit of it, and of what it belongs to, is detected', () => {
  const wrapped = wrap(randomBytes(32), under, belonging);
  for (const part of ['iv', 'ciphertext', 'tag'] as const) {
    const bytes = Buffer.from(wrapped[part], 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => unwrap({ ...wrapped, [part]: flipped.toString('base64') }, under, belonging), tampered, `${part} ${bit}`);
    }
  }
  for (const [name, value] of Object.entries(belonging)) {
    for (let i = 0; i < value.length; i++) for (let bit = 0; bit < 7; bit++) {
      const flipped = value.slice(0, i) + String.fromCharCode(value.charCodeAt(i) ^ (1 << bit)) + value.slice(i + 1);
      assert.throws(() => unwrap(wrapped, under, { ...belonging, [name]: flipped }), tampered, `${name} ${i}`);
    }
  }
});

test('another spelling of the same bytes, a shorter tag, another IV length: not what was written', () => {
  const wrapped = wrap(randomBytes(32), under, belonging);
  const cut = Buffer.from(wrapped.tag, 'base64').subarray(0, 12).toString('base64');
  for (const other of [{ ...wrapped, tag: wrapped.tag.slice(0, -2) }, { ...wrapped, tag: cut }, { ...wrapped, iv: `${wrapped.iv}AAAA` }, { ...wrapped, ciphertext: ` ${wrapped.ciphertext}` }]) assert.throws(() => unwrap(other, under, belonging), tampered);
  assert.notEqual(wrap(Buffer.alloc(32), under, belonging).iv, wrap(Buffer.alloc(32), under, belonging).iv);
});
