import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probe } from './probe.ts';
import { ProviderError } from './provider.ts';
import type { KeyProvider } from './provider.ts';

const wrapped = { kid: 'k', alg: 'A256GCM', ciphertext: '' };
/** Of which a wrap always works, as with a public key. */
const provider = (unwrap: KeyProvider['unwrap']): KeyProvider => ({ kind: 'file', unwrap, wrap: async () => await Promise.resolve(wrapped), current: async () => await Promise.resolve('k'), close: async () => { await Promise.resolve(); } });

test('a key that unwraps is enabled, and what it unwrapped is forgotten', async () => {
  const key = Buffer.alloc(32, 7);
  assert.equal(await probe(provider(async () => await Promise.resolve(key)), wrapped, {}), 'enabled');
  assert.deepEqual(key, Buffer.alloc(32));
});

test('only a missing answer is unreachable: everything else, a surprise included, is denied', async () => {
  for (const code of ['denied', 'disabled', 'key_not_found', 'tampered', 'misconfigured'] as const) assert.equal(await probe(provider(async () => await Promise.reject(new ProviderError(code))), wrapped, {}), 'denied', code);
  assert.equal(await probe(provider(async () => await Promise.reject(new TypeError('a surprise'))), wrapped, {}), 'denied');
  assert.equal(await probe(provider(async () => await Promise.reject(new ProviderError('unreachable'))), wrapped, {}), 'unreachable');
});
