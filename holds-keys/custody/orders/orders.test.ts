import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { Control, newId, Recipient } from '../orders-under-test.ts';
import { machineClock, Orders } from './orders.ts';

const control = new Control();
const [project, object, recipient] = [newId('prj'), newId('obj'), new Recipient().publicKey];
const about = { action: 'release', project, object, recipient } as const;
const refused = { code: 'order_refused' };
/** Of a process that began a second ago. */
function fresh(now = machineClock): Orders {
  let began: number | undefined = machineClock() - 1000;
  return new Orders(control.publicKey, () => { const at = began ?? now(); began = undefined; return at; });
}
const at = (ms: number): string => new Date(Date.now() + ms).toISOString();

test('an order of control is obeyed, once', () => {
  const orders = fresh();
  const signed = control.aboutObject(about);
  assert.equal(orders.aboutObject(signed, 'release').object, object);
  assert.throws(() => orders.aboutObject(signed, 'release'), refused);
  assert.throws(() => orders.aboutObject(control.sign({ ...JSON.parse(signed.order) as object, purpose: 'training' }), 'release'), refused, 'the same id in another order');
});

test('forged: another signer, no key at all, every bit of the order and of its signature', () => {
  assert.throws(() => fresh().aboutObject(new Control().aboutObject(about), 'release'), refused);
  assert.throws(() => new Orders(undefined).aboutObject(control.aboutObject(about), 'release'), refused);
  const orders = fresh();
  const signed = control.aboutObject(about);
  const flipped = (bytes: Buffer, bit: number): Buffer => { bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)); return bytes; };
  const tampered = fc.oneof(
    fc.nat(64 * 8 - 1).map((bit): SignedOrder => ({ ...signed, signature: flipped(Buffer.from(signed.signature, 'base64'), bit).toString('base64') })),
    fc.nat(Buffer.byteLength(signed.order) * 8 - 1).map((bit): SignedOrder => ({ ...signed, order: flipped(Buffer.from(signed.order), bit).toString('latin1') })),
  );
  fc.assert(fc.property(tampered, (each) => { assert.throws(() => orders.aboutObject(each, 'release'), refused); }), { numRuns: 500 });
  orders.aboutObject(signed, 'release');
});

test('late, of the future, too long, or from before this process', () => {
  const orders = fresh();
  for (const [what, times] of Object.entries({
    late: { monotonic: machineClock() - 900, expiresAt: at(800) }, future: { monotonic: machineClock() + 5000 }, long: { expiresAt: at(61_000) }, before: { monotonic: machineClock() - 2000 },
  })) assert.throws(() => orders.aboutObject(control.aboutObject({ ...about, ...times }), 'release'), refused, what);
});

test('about something else: another action, an object\'s for a project, a project\'s for an object; and what is no order at all', () => {
  const orders = fresh();
  for (const action of ['create', 'destroy'] as const) assert.throws(() => orders.aboutObject(control.aboutObject(about), action), refused);
  assert.throws(() => orders.aboutProject(control.aboutObject(about), ['destroy_project']), refused);
  assert.throws(() => orders.aboutObject(control.aboutProject('destroy_project', project), 'destroy'), refused);
  assert.throws(() => orders.aboutProject(control.aboutProject('destroy_project', project), ['rotate_platform']), refused);
  for (const order of [{}, [], null, { ...JSON.parse(control.aboutObject(about).order) as object, more: 1 }, { ...JSON.parse(control.aboutObject(about).order) as object, project: '../other' }]) assert.throws(() => orders.aboutObject(control.sign(order as object), 'release'), refused);
});

for (const jump of [-3_600_000, -10_000, 10_000, 3_600_000]) {
  test(`a jump of the clock by ${jump / 1000} s: new orders are obeyed, an obeyed one is not again, and an old one is late when it is late`, (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
    let passed = 0;
    const orders = fresh(() => machineClock() + passed);
    const [obeyed, old] = [control.aboutObject(about), control.aboutObject(about)];
    orders.aboutObject(obeyed, 'release');
    context.mock.timers.setTime(1_800_000_000_000 + jump);
    assert.equal(orders.aboutObject(control.aboutObject(about), 'release').action, 'release');
    assert.throws(() => orders.aboutObject(obeyed, 'release'), refused);
    passed = 31_000;
    assert.throws(() => orders.aboutObject(old, 'release'), refused);
  });
}
