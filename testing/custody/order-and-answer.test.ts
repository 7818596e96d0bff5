/** Control's order, custody's answer and the process that opens it, each by the code of its own room: they agree, and on nothing else. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ForRecipient } from '#contract/internal/custody.ts';
import { forRecipient, recipientKey } from '../../holds-keys/custody/orders/for-recipient.ts';
import { Orders } from '../../holds-keys/custody/orders/orders.ts';
import { newId } from '../../holds-keys/custody/orders-under-test.ts';
import { newOrderKeys, OrderSigner } from '../../never-sees-content/orders/order-signer.ts';
import { Recipient as ControlRecipient } from '../../never-sees-content/orders/recipient.ts';
import { Recipient as GatewayRecipient } from '../../sees-content/gateway/keys/recipient.ts';

const { privateKey, publicKey } = newOrderKeys();
const control = new OrderSigner(privateKey);
const principal = { kind: 'person', id: 'usr_1' };

for (const [name, Recipient] of [['the gateway', GatewayRecipient], ['control', ControlRecipient]] as const) describe(name, () => {
  const recipient = new Recipient();
  const order = (object = newId('obj')): ReturnType<OrderSigner['aboutObject']> => control.aboutObject({ action: 'release', purpose: 'read', project: newId('prj'), object, kind: 'file', principal, job: null, recipient: recipient.publicKey });

  test('custody obeys what control signs, and the recipient opens what custody gives', () => {
    const orders = new Orders(publicKey);
    const signed = order();
    const read = orders.aboutObject(signed, 'release');
    const keys = randomBytes(64);
    assert.deepEqual(recipient.open(forRecipient(keys, recipientKey(read.recipient), signed), signed), keys);
    assert.equal(orders.aboutProject(control.aboutProject({ action: 'rotate_platform', project: newId('prj'), secret: null, principal, recipient: null }), ['rotate_platform']).action, 'rotate_platform');
    assert.throws(() => new Orders(newOrderKeys().publicKey).aboutObject(order(), 'release'), { code: 'order_refused' });
  });

  test('every bit of the answer, another order, another process: not opened', () => {
    const signed = order();
    const given = forRecipient(randomBytes(64), recipientKey(recipient.publicKey), signed);
    for (const part of ['publicKey', 'iv', 'ciphertext', 'tag'] as const) {
      const bytes = Buffer.from(given[part], 'base64');
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.throws(() => recipient.open({ ...given, [part]: flipped.toString('base64') }, signed), `${part} ${bit}`);
      }
    }
    assert.throws(() => new Recipient().open(given, signed));
    assert.throws(() => recipient.open(given, order()));
    const other = forRecipient(randomBytes(64), recipientKey(recipient.publicKey), signed);
    for (const part of Object.keys(given) as (keyof ForRecipient)[]) assert.throws(() => recipient.open({ ...given, [part]: other[part] }, signed), part);
  });

  test('whatever is sent instead of an answer is refused', () => {
    fc.assert(fc.property(fc.record({ publicKey: fc.base64String(), iv: fc.base64String(), ciphertext: fc.base64String(), tag: fc.base64String() }), (given) => { assert.throws(() => recipient.open(given, order())); }));
  });
});
