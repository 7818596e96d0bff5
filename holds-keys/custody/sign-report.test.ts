import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { test } from 'node:test';
import { signReport } from './sign-report.ts';

const rootKey = randomBytes(32);
const sha256 = createHash('sha256').update('{"passed":true}').digest('hex');

test('the signature is over the digest, and verifies with the public key', () => {
  const { signature, publicKey } = signReport(rootKey, { sha256 });
  const verifies = (digest: string): boolean => verify(null, Buffer.from(digest, 'hex'), createPublicKey(publicKey), Buffer.from(signature, 'base64'));
  assert.ok(verifies(sha256));
  assert.ok(!verifies(createHash('sha256').update('{"passed":false}').digest('hex')));
});

test('the key is that of the installation, and of no other', () => {
  assert.equal(signReport(rootKey, { sha256 }).publicKey, signReport(Buffer.from(rootKey), { sha256: '0'.repeat(64) }).publicKey);
  assert.notEqual(signReport(rootKey, { sha256 }).publicKey, signReport(randomBytes(32), { sha256 }).publicKey);
});
