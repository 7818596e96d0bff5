import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { KeyOrder } from '#contract/internal/key-order.ts';
import { Control, newId } from '../orders-under-test.ts';
import { CustomerKeys } from '../project-keys/customer-keys.ts';
import { PlatformKeys } from '../project-keys/platform-keys.ts';
import { gate, Providers } from '../project-keys/provider-under-test.ts';
import { writeRecord } from '../records.ts';
import { releaseKey } from '../release-key.ts';
import { DataKeys } from './data-keys.ts';

const root = randomBytes(32);
const folder = mkdtempSync(join(tmpdir(), 'mk-data-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const [project, other] = [newId('prj'), newId('prj')];
const order = (object: string, of = project, kind: KeyOrder['kind'] = 'file'): KeyOrder => JSON.parse(new Control().aboutObject({ action: 'create', project: of, object, kind, recipient: null }).order) as KeyOrder;
const path = (object: string, of = project): string => join(folder, 'data', of, `${object}.json`);

let providers: Providers;
let platform: PlatformKeys;
let customer: CustomerKeys;
let keys: DataKeys;
function restart(): void {
  platform = new PlatformKeys(folder, root);
  customer = new CustomerKeys(folder, root, providers.open);
  keys = new DataKeys(folder, root, platform, customer);
}
beforeEach(() => {
  for (const each of ['data', 'platform', 'customer']) rmSync(join(folder, each), { recursive: true, force: true });
  providers = new Providers();
  restart();
});

test('two keys of 32 bytes, released as they were created, after a restart too; each object has its own', async () => {
  const [one, two] = [order(newId('obj')), order(newId('obj'))];
  const created = await keys.create(one);
  assert.equal(created.length, 64);
  assert.notDeepEqual(created.subarray(0, 32), created.subarray(32));
  assert.notDeepEqual(await keys.create(two), created);
  restart();
  assert.deepEqual(await keys.release(one), created);
  const written = readFileSync(path(one.object));
  for (const part of [created.subarray(0, 32), created.subarray(32)]) for (const text of [part, Buffer.from(part.toString('base64')), Buffer.from(part.toString('hex'))]) assert.ok(!written.includes(text));
});

test('created once, released in the kind in which it was created, and destroyed once', async () => {
  const one = order(newId('obj'));
  await keys.create(one);
  await assert.rejects(keys.create(one), { code: 'key_exists' });
  await assert.rejects(keys.release({ ...one, kind: 'part' }), { code: 'order_refused' });
  await assert.rejects(keys.destroy(one, 'part'), { code: 'order_refused' });
  assert.equal(await keys.destroy(one, 'file'), true);
  assert.equal(await keys.destroy(one, 'file'), false);
  await assert.rejects(keys.release(one), { code: 'key_not_found' });
  assert.equal(existsSync(path(one.object)), false);
});

test('a record moved to another object or project, exchanged, or changed in any byte, is detected; it is destroyed nevertheless', async () => {
  const [one, two] = [order(newId('obj')), order(newId('obj'))];
  await keys.create(one);
  await keys.create(two);
  const written = readFileSync(path(one.object));
  mkdirSync(dirname(path(one.object, other)), { recursive: true });
  for (const [object, of] of [[two.object, project], [one.object, other]] as const) {
    cpSync(path(one.object), path(object, of));
    await assert.rejects(keys.release(order(object, of)), { code: 'key_tampered' });
  }
  for (let i = 0; i < written.length; i++) {
    const changed = Buffer.from(written);
    changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
    writeFileSync(path(one.object), changed);
    await assert.rejects(keys.release(one), { code: 'key_tampered' }, `byte ${i}`);
  }
  assert.equal(await keys.destroy(one, 'file'), true);
});

test('two wrappings of one object do not stand for each other', async () => {
  const one = order(newId('obj'));
  await keys.create(one);
  const { seal: _, ...record } = JSON.parse(readFileSync(path(one.object), 'utf8')) as { seal: string; platform: object; customer: { key: object } };
  writeRecord(path(one.object), { ...record, platform: { version: 1, key: record.customer.key } }, releaseKey(root, 'key-records'));
  await assert.rejects(keys.release(one), { code: 'key_tampered' }, 'even where the seal is right');
});

test('created, released and destroyed at once: in the order in which it was asked for, and never two keys', async () => {
  const one = order(newId('obj'));
  const asked = await Promise.allSettled([keys.create(one), keys.create(one), keys.release(one), keys.destroy(one, 'file'), keys.release(one), keys.create(one)]);
  assert.deepEqual(asked.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected', 'rejected'], 'an object that is gone does not come back');
  const [created, , released] = asked.map((each) => (each.status === 'fulfilled' ? each.value : undefined));
  assert.deepEqual(released, created);
});

test('an object that is destroyed while its key is asked for does not come back: by a release, a rotation, or a creation of its project', async () => {
  const { provider, settings } = providers.add('first');
  await customer.set(project, settings, undefined, 'keep');
  const one = order(newId('obj'));
  await keys.create(one);
  platform.add(project, 'platform');
  const { opened, open } = gate();
  provider.before = opened;
  const asked = [keys.rewrap(project, one.object, 'v1'), keys.destroy(one, 'file'), keys.rewrap(project, one.object, 'v1')];
  await turn();
  open();
  await Promise.all(asked);
  assert.equal(existsSync(path(one.object)), false);
  const again = gate();
  provider.before = again.opened;
  const creating = keys.create(order(newId('obj')));
  await turn();
  platform.end(project);
  again.open();
  await assert.rejects(creating, { code: 'key_not_found' });
  assert.deepEqual(keys.objectsOf(project), []);
});

test('a provider that fails leaves nothing: no record of a creation, the old record of a rewrapping', async () => {
  const { provider, settings } = providers.add('first');
  await customer.set(project, settings, undefined, 'keep');
  const [one, two] = [order(newId('obj')), order(newId('obj'))];
  const created = await keys.create(one);
  platform.add(project, 'platform');
  const before = readFileSync(path(one.object));
  for (const [failure, code] of [['denied', 'customer_key_denied'], ['unreachable', 'customer_key_unreachable']] as const) {
    provider.failure = failure;
    await assert.rejects(keys.create(two), { code });
    await assert.rejects(keys.rewrap(project, one.object, 'v1'), { code });
    provider.failure = undefined;
    await customer.unwrap(project, 1, (JSON.parse(before.toString()) as { customer: { key: { kid: string; alg: string; ciphertext: string } } }).customer.key, { project, object: one.object, purpose: 'file', layer: 'customer' });
  }
  assert.deepEqual(readFileSync(path(one.object)), before);
  assert.equal(keys.has(two), false);
  assert.deepEqual(await keys.release(one), created);
});

test('listed in order, after one of them, so many', async () => {
  const objects = Array.from({ length: 5 }, () => newId('obj')).sort();
  for (const [i, object] of objects.entries()) await keys.create(order(object, i % 2 ? project : other));
  assert.deepEqual(keys.list(null, 10), objects);
  assert.deepEqual(keys.list(objects[1] ?? '', 2), objects.slice(2, 4));
});
