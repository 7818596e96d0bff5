import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { test } from 'node:test';
import { signCheckpoint } from './sign-checkpoint.ts';

const rootKey = randomBytes(32);
const checkpoint = { origin: 'modelkeep/prj_1', size: 7, root: randomBytes(32).toString('base64') };

test('a note has the form of its specification, and its key verifies it', () => {
  const { note, verifierKey } = signCheckpoint(rootKey, checkpoint);
  const [, text, name, signature] = /^([^]*\n)\n\u2014 (\S+) (\S+)\n$/.exec(note) ?? [];
  assert.equal(text, `modelkeep/prj_1\n7\n${checkpoint.root}\n`);
  const [keyName, id, key] = verifierKey.split('+', 3) as [string, string, string];
  const typed = Buffer.from(verifierKey.slice(keyName.length + id.length + 2), 'base64');
  assert.ok(key !== '' && keyName === name && typed[0] === 1 && typed.length === 33);
  assert.equal(createHash('sha256').update(`${keyName}\n`).update(typed).digest('hex').slice(0, 8), id);
  const bytes = Buffer.from(signature ?? '', 'base64');
  assert.equal(bytes.subarray(0, 4).toString('hex'), id);
  const publicKey = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)]), format: 'der', type: 'spki' });
  assert.ok(verify(null, Buffer.from(text ?? ''), publicKey, bytes.subarray(4)));
  assert.ok(!verify(null, Buffer.from((text ?? '').replace('\n7\n', '\n8\n')), publicKey, bytes.subarray(4)));
});

test('the key is that of the installation, at every start, and of no other', () => {
  assert.equal(signCheckpoint(rootKey, checkpoint).verifierKey, signCheckpoint(Buffer.from(rootKey), { ...checkpoint, size: 8 }).verifierKey);
  assert.notEqual(signCheckpoint(rootKey, checkpoint).verifierKey, signCheckpoint(randomBytes(32), checkpoint).verifierKey);
});
