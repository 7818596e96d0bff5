import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { MintCredential } from '#contract/internal/custody.ts';
import { mintCredential } from './mint-credential.ts';
import { releaseKey } from './release-key.ts';

const root = Buffer.alloc(32, 1);

test('a credential has 256 random bits, and its hash is what the gateway computes with the released key', () => {
  const { credential, hash } = MintCredential.response.parse(mintCredential(root, 'mk-ek-'));
  assert.match(credential, /^mk-ek-[A-Za-z0-9_-]{43}$/);
  assert.equal(hash, createHmac('sha256', releaseKey(root, 'credential-hash')).update(credential).digest('hex'));
});

test('no two are alike', () => {
  const minted = Array.from({ length: 1000 }, () => mintCredential(root, 'mk-pt-').credential);
  assert.equal(new Set(minted).size, 1000);
});

test('the hint recognises a credential and does not help to guess it', () => {
  const { credential, hint } = mintCredential(root, 'mk-ad-');
  assert.equal(hint, `${credential.slice(0, 10)}…`);
});

test('a stolen database is of no use: without the root key the hashes say nothing about the credentials', () => {
  const { credential, hash } = mintCredential(root, 'mk-ek-');
  for (const other of [Buffer.alloc(32, 2), Buffer.alloc(32)]) assert.notEqual(createHmac('sha256', releaseKey(other, 'credential-hash')).update(credential).digest('hex'), hash);
});
