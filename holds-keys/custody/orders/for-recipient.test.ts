import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Control, newId, Recipient } from '../orders-under-test.ts';
import { forRecipient, recipientKey } from './for-recipient.ts';

const [control, recipient] = [new Control(), new Recipient()];
const order = control.aboutObject({ action: 'release', project: newId('prj'), object: newId('obj'), recipient: recipient.publicKey });
const refused = { code: 'order_refused' };

test('the recipient opens it, and nobody else, and for no other order', () => {
  const secret = randomBytes(64);
  const given = forRecipient(secret, recipientKey(recipient.publicKey), order);
  assert.deepEqual(recipient.open(given, order), secret);
  assert.throws(() => new Recipient().open(given, order));
  assert.throws(() => recipient.open(given, control.aboutObject({ action: 'release', project: newId('prj'), object: newId('obj'), recipient: recipient.publicKey })));
  assert.notEqual(forRecipient(secret, recipientKey(recipient.publicKey), order).ciphertext, given.ciphertext, 'each time with a key of its own');
});

test('what is no public key of one process is refused: none, another length or spelling, points with which everybody agrees on one secret', () => {
  const bytes = Buffer.from(recipient.publicKey, 'base64');
  for (const wrong of [null, '', bytes.subarray(1).toString('base64'), Buffer.concat([bytes, bytes]).toString('base64'), recipient.publicKey.replaceAll('=', ''), bytes.toString('hex')]) assert.throws(() => recipientKey(wrong), refused);
  const one = Buffer.alloc(32);
  one[0] = 1;
  for (const point of [Buffer.alloc(32), one, Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex')]) assert.throws(() => recipientKey(point.toString('base64')), refused);
});
