/** The life of data keys in the process that has them, by orders over its socket; and what is left of it after `kill -9`. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreateDataKeys, ProjectKeys } from '#contract/internal/custody.ts';
import type { KeyOrder, ProjectOrder } from '#contract/internal/key-order.ts';
import type { z } from 'zod';
import { createKeyFile } from '../providers/file/key-file-format.ts';
import { Custody } from './custody-under-test.ts';
import type { Answer } from './custody-under-test.ts';
import { writeKeyFile } from './key-file.ts';
import { Control, newId, Recipient } from './orders-under-test.ts';
import { settingsDigest } from './project-keys/admitted-settings.ts';

/** How often it is killed. */
const kills = Number(process.env['MODELKEEP_TEST_KILLS'] ?? 5);
const [control, recipient] = [new Control(), new Recipient()];
let folder: string;
let custody: Custody;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mk-life-'));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  custody = await Custody.start(folder, control.publicKey);
});
after(async () => {
  await custody.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (path: string, body: object): Promise<Answer> => await custody.ask(path, JSON.stringify(body));
const refused = (code: string): Answer => ({ status: 409, body: { error: { code } } });

async function keysOf(action: 'create' | 'release', project: string, object: string): Promise<Answer & { keys?: Buffer; lease?: string }> {
  const order = control.aboutObject({ action, project, object, recipient: recipient.publicKey });
  const answer = await ask(`/${action}-data-keys`, { order });
  if (answer.status !== 200) return answer;
  const { keys, lease } = answer.body as z.output<typeof CreateDataKeys.response>;
  return { ...answer, keys: recipient.open(keys, order), lease };
}
const destroy = async (project: string, object: string, kind: KeyOrder['kind'] = 'file'): Promise<Answer> => await ask('/destroy-data-keys', { order: control.aboutObject({ action: 'destroy', project, object, kind, recipient: null }) });
const change = async (action: ProjectOrder['action'], project: string, customerKey?: Parameters<typeof settingsDigest>[0]): Promise<Answer> => await ask('/change-project-keys', { order: control.aboutProject(action, project, customerKey ? { settings: settingsDigest(customerKey) } : {}), ...(customerKey ? { customerKey } : {}) });
const show = async (project: string): Promise<ProjectKeys> => (await ask('/show-project-keys', { project })).body as ProjectKeys;
const done: Answer = { status: 200, body: {} };

test('created, released, rotated, released, disabled, enabled, destroyed', { timeout: 60_000 }, async () => {
  const [project, object] = [newId('prj'), newId('obj')];
  const file = join(folder, 'customer.key');
  createKeyFile(file);
  assert.deepEqual(await change('set_customer_key', project, { settings: { provider: 'file', path: file }, onDenied: 'keep' }), done);
  const { keys, lease } = await keysOf('create', project, object);
  assert.ok(keys);
  assert.deepEqual((await keysOf('release', project, object)).keys, keys);
  for (const action of ['rotate_customer', 'rotate_platform'] as const) assert.deepEqual(await change(action, project), done);
  assert.deepEqual((await keysOf('release', project, object)).keys, keys);
  assert.equal((await show(project)).platformVersion, 2);
  assert.match((await show(project)).customer.version, /\/2$/);

  assert.deepEqual(await ask('/renew-lease', { lease }), { status: 200, body: { renewed: true } });
  assert.deepEqual(await change('disable_customer_key', project), done);
  assert.deepEqual(await ask('/renew-lease', { lease }), refused('customer_key_denied'));
  assert.deepEqual(await keysOf('release', project, object), refused('customer_key_denied'));
  assert.deepEqual(await keysOf('create', project, newId('obj')), refused('customer_key_denied'));
  assert.deepEqual(await change('enable_customer_key', project), done);
  assert.deepEqual((await keysOf('release', project, object)).keys, keys, 'nothing is lost');

  const { lease: held } = await keysOf('release', project, object);
  assert.deepEqual((await destroy(project, object)).body['destroyed'], true);
  assert.deepEqual(await ask('/renew-lease', { lease: held }), refused('key_not_found'));
  assert.deepEqual(await keysOf('release', project, object), refused('key_not_found'));
  assert.deepEqual((await destroy(project, object)).body, { destroyed: false, leasesEnded: 0 });
});

test('denied by the provider: who holds keys is told so within a second, and unreachable within a minute not', { timeout: 60_000 }, async () => {
  const [project, object] = [newId('prj'), newId('obj')];
  const file = join(folder, 'revoked.key');
  createKeyFile(file);
  await change('set_customer_key', project, { settings: { provider: 'file', path: file }, onDenied: 'keep' });
  const { keys, lease } = await keysOf('create', project, object);
  const enabled = readFileSync(file);
  rmSync(file);
  await sleep(600);
  assert.equal((await ask('/renew-lease', { lease })).status, 200);
  assert.deepEqual((await keysOf('release', project, object)).keys, keys);
  writeKeyFile(file, enabled.toString().replaceAll('"enabled"', '"disabled"'), 0o600);
  await sleep(1000);
  assert.deepEqual(await ask('/renew-lease', { lease }), refused('customer_key_denied'));
  rmSync(file);
  await sleep(600);
  assert.deepEqual(await keysOf('release', project, object), refused('customer_key_denied'), 'a denial is not forgotten for a provider that says nothing more');
});

test('an order of another signer, an old one after a restart, and one that was carried out before it, are refused', { timeout: 60_000 }, async () => {
  const [project, object] = [newId('prj'), newId('obj')];
  assert.deepEqual(await ask('/create-data-keys', { order: new Control().aboutObject({ action: 'create', project, object, recipient: recipient.publicKey }) }), refused('order_refused'));
  const order = control.aboutObject({ action: 'create', project, object, recipient: recipient.publicKey });
  const unused = control.aboutObject({ action: 'release', project, object, recipient: recipient.publicKey });
  assert.equal((await ask('/create-data-keys', { order })).status, 200);
  await custody.kill();
  custody = await Custody.start(folder, control.publicKey);
  assert.deepEqual(await ask('/create-data-keys', { order }), refused('order_refused'));
  assert.deepEqual(await ask('/release-data-keys', { order: unused }), refused('order_refused'));
});

const files = (): string[] => readdirSync(join(folder, 'keys'), { recursive: true, encoding: 'utf8' });
/** Until nothing is left to do. */
async function rotated(project: string): Promise<void> {
  while ((await show(project)).rotation !== null) await sleep(20);
}

test(`killed in the middle of rotations of 200 keys, of creations and of deletions, ${kills} times: no acknowledged key is lost, no deleted one is back, no old version is left`, { timeout: 60_000 + kills * 60_000 }, async () => {
  const project = newId('prj');
  const created = new Map<string, Buffer>();
  const create = async (): Promise<void> => {
    const object = newId('obj');
    const { keys } = await keysOf('create', project, object);
    if (keys) created.set(object, keys);
  };
  while (created.size < 200) await Promise.all(Array.from({ length: 10 }, create));
  const began = performance.now();
  await change('rotate_platform', project);
  await rotated(project);
  const takes = performance.now() - began;
  const deleted: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const [victim = ''] = created.keys();
    created.delete(victim);
    deleted.push(victim);
    // Unanswered ones may have been carried out or not; answered ones have.
    const asked = [change('rotate_platform', project), create(), destroy(project, victim), create(), create()].map((each: Promise<unknown>) => each.catch(() => undefined));
    await sleep(Math.random() * takes);
    await custody.kill();
    await Promise.all(asked);
    custody = await Custody.start(folder, control.publicKey);
    assert.deepEqual(files().filter((name) => /\.(making|removing)-/.test(name)), []);
    for (const [object, keys] of created) assert.deepEqual((await keysOf('release', project, object)).keys, keys);
    await destroy(project, victim);
    await rotated(project);
    const { platformVersion } = await show(project);
    assert.deepEqual(files().filter((name) => name.includes(`${project}/platform/`)), [`platform/${project}/platform/${platformVersion}.json`]);
    for (const object of deleted) assert.deepEqual(await keysOf('release', project, object), refused('key_not_found'));
  }
  for (const [object, keys] of created) assert.deepEqual((await keysOf('release', project, object)).keys, keys);
});
