/** Orders are obeyed in time and once, whatever the machine's clock does meanwhile. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { newOrderKeys, OrderSigner } from '#control/orders/order-signer.ts';
import { Orders } from './orders.ts';

const hour = 3_600_000;
const keys = newOrderKeys();
const signer = new OrderSigner(keys.privateKey);
const written = (): SignedOrder => signer.aboutObject({ action: 'create', purpose: 'upload', project: `prj_${'0'.repeat(26)}`, object: `obj_${'0'.repeat(26)}`, kind: 'file', principal: { kind: 'system', id: 'control' }, job: null, recipient: null });
const machine = (): number => Number(process.hrtime.bigint() / 1_000_000n);
const refused = { code: 'order_refused' };

beforeEach(() => mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 }));
afterEach(() => mock.timers.reset());

for (const jump of [-hour, -10_000, 10_000, hour]) {
  test(`a jump of the clock by ${jump / 1000} s: new orders are obeyed, and an old one is late when it is late`, () => {
    let passed = 0;
    const orders = new Orders(keys.publicKey, () => machine() + passed);
    const old = written();
    mock.timers.setTime(1_800_000_000_000 + jump);
    assert.equal(orders.aboutObject(written(), 'create').action, 'create');
    passed = 31_000;
    assert.throws(() => orders.aboutObject(old, 'create'), refused);
  });
}

test('once, also after the clock was set back', () => {
  const orders = new Orders(keys.publicKey);
  const order = written();
  orders.aboutObject(order, 'create');
  mock.timers.setTime(1_800_000_000_000 - hour);
  assert.throws(() => orders.aboutObject(order, 'create'), refused);
});

test('not where it was signed before custody began, which may have obeyed it then: also after the clock was set back', async () => {
  const order = written();
  await sleep(2);
  const orders = new Orders(keys.publicKey);
  assert.throws(() => orders.aboutObject(order, 'create'), refused);
  mock.timers.setTime(1_800_000_000_000 - 10_000);
  assert.throws(() => orders.aboutObject(order, 'create'), refused);
});

test('not by another\'s key, not for another act, and not at all where custody was given no key', () => {
  const orders = new Orders(keys.publicKey);
  assert.throws(() => new Orders(newOrderKeys().publicKey).aboutObject(written(), 'create'), refused);
  assert.throws(() => orders.aboutObject(written(), 'release'), refused);
  assert.throws(() => new Orders(undefined).aboutObject(written(), 'create'), refused);
});
