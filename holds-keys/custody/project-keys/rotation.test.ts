import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { KeyOrder } from '#contract/internal/key-order.ts';
import { DataKeys } from '../data-keys/data-keys.ts';
import { Control, newId } from '../orders-under-test.ts';
import { CustomerKeys } from './customer-keys.ts';
import { PlatformKeys } from './platform-keys.ts';
import { gate, Providers } from './provider-under-test.ts';
import { Rotation } from './rotation.ts';

const root = randomBytes(32);
const folder = mkdtempSync(join(tmpdir(), 'mk-rotation-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const project = newId('prj');
const control = new Control();
const order = (object: string): KeyOrder => JSON.parse(control.aboutObject({ action: 'create', project, object, recipient: null }).order) as KeyOrder;

let providers: Providers;
let platform: PlatformKeys;
let customer: CustomerKeys;
let data: DataKeys;
let rotation: Rotation;
/** What each object's keys were when they were created. */
let created: Map<string, Buffer>;

function restart(): void {
  rotation?.close();
  platform = new PlatformKeys(folder, root);
  customer = new CustomerKeys(folder, root, providers.open);
  data = new DataKeys(folder, root, platform, customer);
  rotation = new Rotation(platform, customer, data);
}
async function create(count: number): Promise<void> {
  for (let i = 0; i < count; i++) { const object = newId('obj'); created.set(object, await data.create(order(object))); }
}
async function everyKeyOpens(): Promise<void> { for (const [object, keys] of created) assert.deepEqual(await data.release(order(object)), keys); }

beforeEach(() => {
  for (const each of ['data', 'platform', 'customer']) rmSync(join(folder, each), { recursive: true, force: true });
  providers = new Providers();
  created = new Map();
  restart();
});

test('platform keys: every key is wrapped anew, opens as before, and only the newest versions are left', async () => {
  await create(7);
  for (const chain of ['platform', 'stand_in'] as const) platform.add(project, chain);
  await rotation.run(project);
  for (const chain of ['platform', 'stand_in'] as const) assert.deepEqual(platform.versions(project, chain), [2]);
  restart();
  await everyKeyOpens();
});

test('interrupted at each record: it goes on from there, and until it is done every version stays', async () => {
  await create(5);
  for (let done = 0; done < 5; done++) {
    const newest = platform.add(project, 'platform');
    for (const object of data.objectsOf(project).slice(0, done)) await data.rewrap(project, object, null);
    assert.ok(platform.versions(project, 'platform').includes(newest - 1));
    restart();
    await everyKeyOpens();
    rotation.start();
    await rotation.run(project);
    assert.deepEqual(platform.versions(project, 'platform'), [newest]);
    await everyKeyOpens();
  }
});

describe('the customer\'s key', () => {
  test('set, rotated, exchanged for another, removed: data keys follow, and what nothing needs is forgotten', async () => {
    const [first, second] = [providers.add('first'), providers.add('second')];
    await create(4);
    await customer.set(project, first.settings, undefined, 'keep');
    await rotation.run(project);
    assert.deepEqual(platform.versions(project, 'stand_in'), [], 'the platform alone opens nothing any more');
    await customer.rotate(project);
    await rotation.run(project);
    first.provider.gone.add('v1');
    await everyKeyOpens();
    await customer.set(project, second.settings, undefined, 'keep');
    await rotation.run(project);
    assert.ok(first.provider.closed);
    first.provider.failure = 'denied';
    restart();
    await everyKeyOpens();
    customer.remove(project);
    await rotation.run(project);
    second.provider.failure = 'denied';
    restart();
    await everyKeyOpens();
    assert.deepEqual([customer.active(project), customer.known()], [null, []]);
  });

  test('refused or silent in the middle: it waits, nothing is destroyed, and then it ends', async () => {
    const { provider, settings } = providers.add('first');
    await customer.set(project, settings, undefined, 'keep');
    await create(4);
    for (const failure of ['denied', 'unreachable'] as const) {
      await customer.rotate(project);
      platform.add(project, 'platform');
      const [older] = platform.versions(project, 'platform');
      for (const object of data.objectsOf(project).slice(0, 2)) await data.rewrap(project, object, customer.show(project).kid);
      provider.failure = failure;
      await rotation.run(project);
      assert.ok(platform.versions(project, 'platform').includes(older ?? 0));
      provider.failure = undefined;
      await rotation.run(project);
      assert.equal(platform.versions(project, 'platform').length, 1);
      await everyKeyOpens();
    }
  });

  test('removed while the last check before the destruction reads: the stand-in that new keys are wrapped by stays', async (t) => {
    await create(51);
    await customer.set(project, providers.add('first').settings, undefined, 'keep');
    await rotation.run(project);
    const last = data.objectsOf(project).at(-1) ?? '';
    const isNewest = data.isNewest.bind(data);
    let reads = 0;
    const meanwhile: Promise<unknown>[] = [];
    t.mock.method(data, 'isNewest', (...about: Parameters<DataKeys['isNewest']>) => {
      const answer = isNewest(...about);
      // In the second reading, before the last record, which nobody finds any more.
      if (++reads === 51 + 50) {
        customer.remove(project);
        created.delete(last);
        meanwhile.push(data.destroy({ project, object: last }, 'file'), create(1));
      }
      return answer;
    });
    await rotation.run(project);
    t.mock.restoreAll();
    await Promise.all(meanwhile);
    restart();
    await everyKeyOpens();
  });
});

describe('a version of the customer\'s key', () => {
  test('destroyed or disabled half way: what it wrapped is passed over and keeps what it needs, everything else is wrapped anew, and it is not over', async () => {
    const { provider, settings } = providers.add('first');
    await customer.set(project, settings, undefined, 'keep');
    await create(2);
    const lost = data.objectsOf(project);
    await customer.rotate(project);
    await create(6);
    await customer.rotate(project);
    platform.add(project, 'platform');
    for (const code of ['key_not_found', 'disabled'] as const) {
      provider.refused.set('v1', code);
      await rotation.run(project);
      assert.equal(data.objectsOf(project).filter((object) => data.isNewest(project, object, 'v3')).length, 6);
      assert.equal(customer.state(project), 'enabled');
      assert.deepEqual(platform.versions(project, 'platform'), [1, 2]);
      const { done, of } = rotation.progress(project) ?? { done: 0, of: 0 };
      assert.equal(of - done, lost.length);
    }
    provider.refused.clear();
    await rotation.run(project);
    assert.deepEqual(platform.versions(project, 'platform'), [2]);
    await everyKeyOpens();
  });

  test('made by its administrator while a rotation runs: that is not over before everything is under the newest', async (t) => {
    const { provider, settings } = providers.add('first');
    await customer.set(project, settings, undefined, 'keep');
    await create(3);
    platform.add(project, 'platform');
    const rewrap = data.rewrap.bind(data);
    let done = 0;
    t.mock.method(data, 'rewrap', async (...about: Parameters<DataKeys['rewrap']>) => { await rewrap(...about); if (++done === 1) await provider.rotate(); });
    await rotation.run(project);
    assert.notEqual(rotation.progress(project), null, 'it goes on in a while');
    await rotation.run(project);
    assert.deepEqual(platform.versions(project, 'platform'), [2]);
    assert.ok(data.objectsOf(project).every((object) => data.isNewest(project, object, 'v2')));
  });
});

test('at once: what is created, destroyed and rotated meanwhile is neither lost nor left', async () => {
  await create(12);
  const objects = [...created.keys()];
  await Promise.all([
    (async () => { for (let i = 0; i < 3; i++) { platform.add(project, 'platform'); platform.add(project, 'stand_in'); await rotation.run(project); } })(),
    (async () => { for (let i = 0; i < 10; i++) { await turn(); await create(1); } })(),
    (async () => { for (const object of objects.slice(0, 6)) { await turn(); await data.destroy({ project, object }, 'file'); created.delete(object); } })(),
  ]);
  await rotation.run(project);
  assert.deepEqual([platform.versions(project, 'platform').length, platform.versions(project, 'stand_in').length], [1, 1]);
  restart();
  await everyKeyOpens();
  assert.deepEqual(data.objectsOf(project).sort(), [...created.keys()].sort());
});

test('others have their turn while it runs: leases are renewed', async () => {
  await create(12);
  platform.add(project, 'platform');
  let turns = 0;
  const progress: number[] = [];
  const running = rotation.run(project).then(() => { turns = -1; });
  while (turns >= 0) { await turn(); turns = turns < 0 ? turns : turns + 1; progress.push(rotation.progress(project)?.done ?? 12); }
  await running;
  assert.ok(new Set(progress).size > 10, progress.join());
});

test('one run at a time, and what was added while it ran is done by it too', async () => {
  const { provider, settings } = providers.add('first');
  await customer.set(project, settings, undefined, 'keep');
  await create(3);
  platform.add(project, 'platform');
  const { opened, open } = gate();
  provider.before = opened;
  const running = rotation.run(project);
  await turn();
  const newest = platform.add(project, 'platform');
  const again = rotation.run(project);
  open();
  await Promise.all([running, again]);
  assert.deepEqual(platform.versions(project, 'platform'), [newest]);
  assert.equal(rotation.progress(project), null);
});

test('a record that cannot be read keeps every version, and the others are wrapped anew; once it is destroyed the old ones go', async () => {
  await create(3);
  const [damaged = ''] = data.objectsOf(project);
  const path = join(folder, 'data', project, `${damaged}.json`);
  const written = readFileSync(path);
  writeFileSync(path, 'damaged');
  platform.add(project, 'platform');
  await rotation.run(project);
  assert.deepEqual(platform.versions(project, 'platform'), [1, 2]);
  writeFileSync(path, written);
  await everyKeyOpens();
  writeFileSync(path, 'damaged');
  await data.destroy({ project, object: damaged }, null);
  await rotation.run(project);
  assert.deepEqual(platform.versions(project, 'platform'), [2]);
});

test('a folder that cannot be read is no reason to destroy anything', async (t) => {
  await create(3);
  platform.add(project, 'platform');
  t.mock.method(data, 'objectsOf', () => { throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' }); });
  await rotation.run(project);
  assert.deepEqual(platform.versions(project, 'platform'), [1, 2]);
  t.mock.restoreAll();
  await rotation.run(project);
  assert.deepEqual(platform.versions(project, 'platform'), [2]);
  await everyKeyOpens();
});

test('a project without objects is left with its newest versions too, after an interruption', async () => {
  for (let i = 0; i < 3; i++) platform.add(project, 'platform');
  restart();
  rotation.start();
  await rotation.run(project);
  assert.deepEqual(platform.versions(project, 'platform'), [3]);
});
