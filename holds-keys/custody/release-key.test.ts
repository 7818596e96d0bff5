import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Purpose } from '#contract/internal/custody.ts';
import { releaseKey } from './release-key.ts';

const root = Buffer.alloc(32, 7);

test('the key of one purpose is useless for another, and is not the root key', () => {
  const keys = Purpose.options.map((purpose) => releaseKey(root, purpose).toString('hex'));
  assert.equal(new Set([...keys, root.toString('hex')]).size, Purpose.options.length + 1);
  for (const key of keys) assert.match(key, /^[0-9a-f]{64}$/);
});

test('another root key gives other keys, and every bit of it counts', () => {
  const expected = releaseKey(root, 'credential-hash');
  for (let bit = 0; bit < 256; bit++) {
    const other = Buffer.from(root);
    other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.notDeepEqual(releaseKey(other, 'credential-hash'), expected);
  }
});

test('the same key for ever: credentials that were issued stay valid', () => {
  // HKDF-SHA-256 of RFC 5869 with an empty salt, as computed by another implementation (Python: hmac and hashlib).
  assert.equal(releaseKey(root, 'credential-hash').toString('hex'), '92b573e6f6e07bb4e48ef138241fede3e24cc71aad5b48d8c8d09a1dcf5d938c');
});
