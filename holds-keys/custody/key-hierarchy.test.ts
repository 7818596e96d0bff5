import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { linkSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ProjectOrder, SignedOrder } from '#contract/internal/key-order.ts';
import { KeyHierarchy } from './key-hierarchy.ts';
import { Control, newId, Recipient } from './orders-under-test.ts';
import { gate, Providers } from './project-keys/provider-under-test.ts';
import { settingsDigest } from './project-keys/admitted-settings.ts';

const root = randomBytes(32);
const [control, recipient] = [new Control(), new Recipient()];
const folder = mkdtempSync(join(tmpdir(), 'mk-hierarchy-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let project: string;
let providers: Providers;
let keys: KeyHierarchy;
const open = (): KeyHierarchy => new KeyHierarchy(folder, root, control.publicKey, providers.open);
beforeEach(() => { project = newId('prj'); providers = new Providers(); keys = open(); });

const order = (action: 'create' | 'release' | 'destroy', object: string, more: Partial<Parameters<Control['aboutObject']>[0]> = {}): SignedOrder => control.aboutObject({ action, project, object, recipient: action === 'destroy' ? null : recipient.publicKey, ...more });
const change = async (action: ProjectOrder['action'], customerKey?: Parameters<KeyHierarchy['change']>[0]['customerKey']): Promise<void> => { await keys.change({ order: control.aboutProject(action, project, customerKey ? { settings: settingsDigest(customerKey) } : {}), ...(customerKey ? { customerKey } : {}) }); };

async function created(): Promise<{ object: string; bytes: Buffer; lease: string }> {
  const object = newId('obj');
  const signed = order('create', object);
  const { keys: given, lease } = await keys.create(signed);
  return { object, bytes: recipient.open(given, signed), lease };
}

test('created, released, renewed, destroyed: only by an order for just that', async () => {
  const { object, bytes, lease } = await created();
  const signed = order('release', object);
  assert.deepEqual(recipient.open((await keys.release(signed)).keys, signed), bytes);
  await assert.rejects(keys.release(signed), { code: 'order_refused' }, 'the same order again');
  for (const wrong of [order('create', object), order('destroy', object), order('release', object, { kind: 'adapter' })]) await assert.rejects(keys.release(wrong), { code: 'order_refused' });
  await assert.rejects(keys.release(order('release', object, { project: newId('prj') })), { code: 'key_not_found' }, 'of another project');
  await keys.renew(lease);
  assert.deepEqual(await keys.destroy(order('destroy', object)), { destroyed: true, leasesEnded: 2 });
  await assert.rejects(keys.renew(lease), { code: 'key_not_found' });
  await assert.rejects(keys.release(order('release', object)), { code: 'key_not_found' });
  assert.deepEqual(await keys.destroy(order('destroy', object)), { destroyed: false, leasesEnded: 0 });
});

test('an order whose answer nobody could open makes nothing', async () => {
  for (const to of [null, Buffer.alloc(32).toString('base64')]) {
    await assert.rejects(keys.create(order('create', newId('obj'), { recipient: to })), { code: 'order_refused' });
    assert.equal((await keys.show(project)).dataKeys, 0);
  }
});

test('disabled: refused at once, leases too, also the release that was on its way; enabled: as before', async () => {
  const { provider, settings } = providers.add('first');
  await change('set_customer_key', { settings, onDenied: 'keep' });
  const { object, bytes, lease } = await created();
  const { opened, open: letGo } = gate();
  provider.after = opened;
  const late = keys.release(order('release', object));
  await turn();
  await change('disable_customer_key');
  letGo();
  await assert.rejects(late, { code: 'customer_key_denied' });
  await assert.rejects(keys.renew(lease), { code: 'customer_key_denied' });
  await assert.rejects(keys.create(order('create', newId('obj'))), { code: 'customer_key_denied' });
  for (const action of ['rotate_customer', 'rotate_platform', 'remove_customer_key'] as const) await assert.rejects(change(action), { code: 'customer_key_denied' }, action);
  provider.after = undefined;
  await change('enable_customer_key');
  const signed = order('release', object);
  assert.deepEqual(recipient.open((await keys.release(signed)).keys, signed), bytes);
});

test('a destroyed project has nothing left, no lease lives on, and what was begun before its end does not come after it', async () => {
  const { provider, settings } = providers.add('first');
  const { lease } = await created();
  await change('set_customer_key', { settings, onDenied: 'keep' });
  await created();
  keys.sealSecret(control.aboutProject('seal_secret', project, { secret: 'webhook' }), 'text');
  const { opened, open: letGo } = gate();
  provider.after = opened;
  const creating = created();
  await turn();
  const destroying = change('destroy_project');
  await turn();
  letGo();
  await assert.rejects(creating);
  await destroying;
  await assert.rejects(keys.renew(lease), { code: 'key_not_found' });
  for (const ask of [() => created(), () => change('rotate_platform'), () => change('set_customer_key', { settings, onDenied: 'keep' }), () => keys.show(project)]) await assert.rejects(ask, { code: 'key_not_found' });
  const left = (readdirSync(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && join(entry.parentPath, entry.name).includes(project));
  assert.deepEqual(left.map(({ name }) => name), []);
  await change('destroy_project');
});

test('a secret opens under its name, in its project, for the recipient of its order', () => {
  const seal = (name: string | null): string => keys.sealSecret(control.aboutProject('seal_secret', project, { secret: name }), 'a webhook\'s secret');
  const sealed = seal('webhook_1');
  const opening = (secret: string | null, of = project): SignedOrder => control.aboutProject('open_secret', of, { secret, recipient: recipient.publicKey });
  const signed = opening('webhook_1');
  assert.equal(recipient.open(keys.openSecret(signed, sealed), signed).toString(), 'a webhook\'s secret');
  assert.throws(() => keys.openSecret(opening('webhook_2'), sealed), { code: 'key_tampered' });
  assert.throws(() => keys.openSecret(opening(null), sealed), { code: 'order_refused' });
  assert.throws(() => keys.openSecret(opening('webhook_1', newId('prj')), sealed), { code: 'key_not_found' });
  for (const text of ['', '{}', 'null', sealed.replace('"version":1', '"version":"1"'), sealed.replace(/"tag":"./, '"tag":"=')]) assert.throws(() => keys.openSecret(opening('webhook_1'), text), { code: 'key_tampered' });
  assert.throws(() => seal(null), { code: 'order_refused' });
});

test('killed while a new key was being linked to its place: it is there after the restart, and nothing else is', async () => {
  const { object, bytes } = await created();
  const [record, version] = [join(folder, 'data', project, `${object}.json`), join(folder, 'platform', project, 'platform/1.json')];
  for (const path of [record, version]) linkSync(path, `${path}.making-0123456789abcdef`);
  writeFileSync(`${record}.making-fedcba9876543210`, 'half');
  keys = open();
  const signed = order('release', object);
  assert.deepEqual(recipient.open((await keys.release(signed)).keys, signed), bytes);
  assert.deepEqual(readdirSync(join(folder, 'data', project)), [`${object}.json`]);
});

test('an order to use a key is for that key alone', async () => {
  const { settings } = providers.add('first');
  const order = control.aboutProject('set_customer_key', project, { settings: settingsDigest({ settings, onDenied: 'keep' }) });
  await assert.rejects(keys.change({ order, customerKey: { settings, onDenied: 'stop' } }), { code: 'order_refused' });
  await assert.rejects(keys.change({ order: control.aboutProject('set_customer_key', project), customerKey: { settings, onDenied: 'keep' } }), { code: 'order_refused' });
});

test('a library of a place where anybody may write is not loaded', async () => {
  const settings = { provider: 'pkcs11' as const, library: '/tmp/library.so', token: 'a', key: 'b' };
  await assert.rejects(change('set_customer_key', { settings, onDenied: 'keep' }), { code: 'customer_key_misconfigured' });
});
