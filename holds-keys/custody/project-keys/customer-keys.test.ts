import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ProviderFailure } from '../../providers/provider.ts';
import { createKeyFile } from '../../providers/file/key-file-format.ts';
import { clock } from '../clock.ts';
import { newId } from '../orders-under-test.ts';
import { CustomerKeys } from './customer-keys.ts';
import { gate, Providers } from './provider-under-test.ts';

const root = randomBytes(32);
const [project, other] = [newId('prj'), newId('prj')];
const context = { project, object: newId('obj'), purpose: 'file', layer: 'customer' };
const key = randomBytes(32);
const denied = { code: 'customer_key_denied' };
const unreachable = { code: 'customer_key_unreachable' };
const folder = mkdtempSync(join(tmpdir(), 'mk-customer-'));
const path = (of: string): string => join(folder, 'customer', `${of}.json`);
after(() => rmSync(folder, { recursive: true, force: true }));

let providers: Providers;
let first: ReturnType<Providers['add']>;
let keys: CustomerKeys;
const restarted = (): CustomerKeys => new CustomerKeys(folder, root, providers.open);
async function wrapped(): Promise<NonNullable<Awaited<ReturnType<CustomerKeys['wrap']>>>> {
  const by = await keys.wrap(project, key, context);
  assert.ok(by);
  return by;
}
beforeEach(async () => {
  rmSync(join(folder, 'customer'), { recursive: true, force: true });
  providers = new Providers();
  first = providers.add('first');
  keys = restarted();
  await keys.set(project, first.settings, { token: 'token-of-the-customer' }, 'stop');
});

test('a key in use wraps and unwraps, after a restart too; its credential is on the disk under seal only', async () => {
  const { binding, key: by } = await wrapped();
  assert.deepEqual(await restarted().unwrap(project, binding, by, context), key);
  await assert.rejects(restarted().unwrap(project, binding, by, { ...context, object: newId('obj') }), { code: 'key_tampered' });
  assert.ok(!readFileSync(path(project), 'utf8').includes('token-of-the-customer'));
  assert.equal(await keys.wrap(other, key, context), undefined, 'a project that has none');
});

test('one that does not work is not taken, and says why', async () => {
  const { provider, settings } = providers.add('second');
  for (const [failure, code] of [['denied', 'customer_key_denied'], ['disabled', 'customer_key_denied'], ['key_not_found', 'customer_key_denied'], ['unreachable', 'customer_key_unreachable'], ['misconfigured', 'customer_key_misconfigured']] as const) {
    provider.failure = failure;
    await assert.rejects(keys.set(project, settings, undefined, 'keep'), { code });
  }
  await assert.rejects(keys.set(project, { ...settings, key: 'unknown' }, undefined, 'keep'), { code: 'customer_key_misconfigured' });
  assert.equal(keys.active(project), 1);
  assert.equal(keys.state(project), 'enabled', 'the one in use is as it was');
  assert.ok(provider.closed);
});

describe('told apart', () => {
  for (const failure of ['denied', 'disabled', 'key_not_found', 'misconfigured', 'tampered'] satisfies ProviderFailure[]) {
    test(`${failure} closes the project at once, though it answered a moment ago, and opens it again when it answers`, async (t) => {
      let now = 0;
      t.mock.method(clock, 'now', () => now);
      await wrapped();
      first.provider.failure = failure;
      now += 600;
      await assert.rejects(keys.requireUsable(project), denied);
      assert.equal(keys.state(project), 'denied');
      first.provider.failure = 'unreachable';
      now += 600;
      const { binding, key: by } = { binding: 1, key: { kid: 'v1', alg: '', ciphertext: '' } };
      await assert.rejects(keys.unwrap(project, binding, by, context), unreachable, 'what was unwrapped before the denial is forgotten');
      await assert.rejects(keys.requireUsable(project), denied, 'who refused and is silent has refused');
      assert.equal(keys.state(project), 'denied');
      first.provider.failure = undefined;
      now += 600;
      await keys.requireUsable(project);
      assert.equal(keys.state(project), 'enabled');
    });
  }

  test('unreachable leaves what was unwrapped usable, for a minute after the last answer and no longer', async (t) => {
    let now = 0;
    t.mock.method(clock, 'now', () => now);
    const { binding, key: by } = await wrapped();
    now = 30_000;
    assert.deepEqual(await keys.unwrap(project, binding, by, context), key);
    first.provider.failure = 'unreachable';
    for (now = 31_000; now < 90_000; now += 7000) {
      await keys.requireUsable(project);
      assert.deepEqual(await keys.unwrap(project, binding, by, context), key);
      await assert.rejects(keys.unwrap(project, binding, by, { ...context, object: newId('obj') }), unreachable, 'an object that was not');
      await assert.rejects(keys.wrap(project, key, context), unreachable, 'and nothing new');
    }
    now = 90_000;
    await assert.rejects(keys.requireUsable(project), unreachable);
    await assert.rejects(keys.unwrap(project, binding, by, context), unreachable);
    assert.equal(keys.state(project), 'unreachable');
  });

  test('a provider that hangs is unreachable for those who hold keys already: they do not wait for it', async (t) => {
    let now = 0;
    t.mock.method(clock, 'now', () => now);
    await wrapped();
    const { opened, open } = gate();
    first.provider.before = opened;
    now = 59_999;
    await keys.requireStillUsable(project);
    now = 60_000;
    await assert.rejects(keys.requireStillUsable(project), unreachable);
    open();
  });

  test('a key that may only unwrap any more makes nothing new, and closes nothing that is there', async () => {
    const { binding, key: by } = await wrapped();
    const states: string[] = [];
    keys.onChange = () => { states.push(keys.state(project)); };
    for (const failure of ['denied', 'disabled', 'misconfigured'] as const) {
      first.provider.wrapFailure = failure;
      for (const ask of [() => keys.wrap(project, key, context), () => keys.newest(project)]) await assert.rejects(ask);
      await keys.requireStillUsable(project);
      assert.deepEqual(await keys.unwrap(project, binding, by, context), key);
    }
    assert.deepEqual(states, [], 'nobody was told of a refusal');
    first.provider.failure = 'denied';
    await assert.rejects(keys.wrap(project, key, context), denied);
    assert.equal(keys.state(project), 'denied', 'one that does not unwrap either is known as soon as it refuses to wrap');
  });

  test('a version that is gone closes what it wrapped, and not the project', async () => {
    const { binding, key: by } = await wrapped();
    await keys.rotate(project);
    first.provider.gone.add('v1');
    await assert.rejects(keys.unwrap(project, binding, by, context), denied);
    assert.equal(keys.state(project), 'enabled');
    await keys.requireUsable(project);
    first.provider.failure = 'unreachable';
    await assert.rejects(keys.unwrap(project, binding, by, context), unreachable, 'silence brings nothing back that it was refused for');
  });
});

describe('disabled by us', () => {
  test('everything is refused without asking the provider, until it is enabled again; a restart changes nothing', async () => {
    const { binding, key: by } = await wrapped();
    keys.setDisabled(project, true);
    for (const each of [keys, restarted()]) {
      const calls = first.provider.calls;
      await assert.rejects(each.unwrap(project, binding, by, context), denied);
      await assert.rejects(each.wrap(project, key, context), denied);
      await assert.rejects(each.requireUsable(project), denied);
      await assert.rejects(each.requireStillUsable(project), denied);
      await assert.rejects(each.rotate(project), denied);
      await each.check(project);
      assert.equal(each.state(project), 'disabled');
      assert.equal(first.provider.calls, calls);
    }
    keys.setDisabled(project, false);
    assert.deepEqual(await keys.unwrap(project, binding, by, context), key);
  });

  test('an answer that was on its way is not given out', async () => {
    const { binding, key: by } = await wrapped();
    for (const ask of [() => keys.unwrap(project, binding, by, context), () => keys.wrap(project, key, context)]) {
      const { opened, open } = gate();
      first.provider.after = opened;
      const asked = ask();
      await turn();
      keys.setDisabled(project, true);
      open();
      await assert.rejects(asked, denied);
      keys.setDisabled(project, false);
      first.provider.after = undefined;
    }
  });

  test('it stays disabled where a rotation or another key was under way', async () => {
    for (const change of [() => keys.rotate(project), () => keys.set(project, first.settings, undefined, 'keep')]) {
      const { opened, open } = gate();
      first.provider.before = opened;
      const changing = change().catch(() => undefined);
      await turn();
      keys.setDisabled(project, true);
      open();
      await changing;
      first.provider.before = undefined;
      assert.equal(keys.state(project), 'disabled');
      assert.equal(restarted().state(project), 'disabled');
      keys.setDisabled(project, false);
    }
  });
});

describe('at once', () => {
  test('two keys set for one project: both are kept, the later is in use, and what each wrapped is unwrapped', async () => {
    const second = providers.add('second');
    const third = providers.add('third');
    const { binding, key: by } = await wrapped();
    await Promise.all([keys.set(project, second.settings, undefined, 'keep'), keys.set(project, third.settings, undefined, 'keep')]);
    assert.equal(keys.active(project), 3);
    assert.equal(second.provider.versions.length, 1);
    const again = restarted();
    assert.deepEqual(await again.unwrap(project, binding, by, context), key);
    const { binding: later, key: byThird } = await wrapped();
    assert.equal(later, 3);
    assert.deepEqual(await again.unwrap(project, later, byThird, context), key);
  });

  test('a rotation that ends after another key was taken does not bring the old one back', async () => {
    const { opened, open } = gate();
    first.provider.before = opened;
    const rotating = keys.rotate(project);
    await turn();
    const setting = keys.set(project, providers.add('second').settings, undefined, 'keep');
    open();
    await Promise.all([rotating, setting]);
    assert.equal(keys.active(project), 2);
    assert.equal(restarted().active(project), 2);
  });

  test('a rotation that ends after its key was removed from use leaves nothing of it behind', async () => {
    const { opened, open } = gate();
    first.provider.before = opened;
    const rotating = keys.rotate(project);
    await turn();
    keys.remove(project);
    open();
    await rotating;
    assert.deepEqual([keys.active(project), keys.projects()], [null, []]);
    assert.ok(readFileSync(path(project), 'utf8').includes('"probe":null'));
  });

  test('a wrapping by a key that is replaced meanwhile is done by the new one, and is no sign of its health', async () => {
    const { opened, open } = gate();
    first.provider.before = opened;
    const wrapping = wrapped();
    await turn();
    await keys.set(project, providers.add('second').settings, undefined, 'keep');
    keys.forgetUnused(project);
    open();
    assert.equal((await wrapping).binding, 2);
    assert.equal(keys.state(project), 'enabled');
  });

  test('a key that is set while its project is destroyed is not kept', async () => {
    const second = providers.add('second');
    const { opened, open } = gate();
    second.provider.before = opened;
    const setting = keys.set(project, second.settings, undefined, 'keep');
    await turn();
    keys.destroy(project);
    open();
    await assert.rejects(setting, { code: 'key_not_found' });
    assert.equal(restarted().active(project), null);
  });
});

test('removed from use it is kept for as long as something is wrapped by it, and then forgotten', async () => {
  const { binding, key: by } = await wrapped();
  keys.remove(project);
  assert.equal(keys.active(project), null);
  assert.deepEqual(await restarted().unwrap(project, binding, by, context), key);
  keys.forgetUnused(project);
  await assert.rejects(restarted().unwrap(project, binding, by, context), { code: 'key_not_found' });
  assert.throws(() => keys.show(project), { code: 'customer_key_not_set' });
});

test('what an ended credential wrapped is opened by the newest one of the same key, though that is in use no longer', async () => {
  const { binding, key: by } = await wrapped();
  await keys.set(project, first.settings, { token: 'the-next-token' }, 'keep');
  const opened: (string | undefined)[] = [];
  const again = new CustomerKeys(folder, root, (settings, { token }) => { opened.push(token); return providers.open(settings); });
  again.remove(project);
  assert.deepEqual(await again.unwrap(project, binding, by, context), key);
  assert.deepEqual(opened, ['the-next-token']);
});

test('a version that the customer\'s administrator made is found', async () => {
  assert.equal(await keys.newest(project), 'v1');
  await first.provider.rotate();
  assert.equal(await keys.newest(project), 'v2');
  assert.equal(restarted().show(project).kid, 'v2');
  assert.equal(await keys.newest(other), null);
});

test('a record that was edited, or moved from another project, closes its own project and no other, until it is destroyed', async () => {
  await keys.set(other, first.settings, undefined, 'keep');
  keys.setDisabled(project, true);
  const written = readFileSync(path(project), 'utf8');
  for (const tamper of [() => writeFileSync(path(project), written.replace('"disabled":true', '"disabled":false')), () => writeFileSync(path(project), ''), () => cpSync(path(other), path(project))]) {
    tamper();
    const again = restarted();
    assert.throws(() => again.active(project), { code: 'key_tampered' });
    for (const ask of [() => again.requireUsable(project), () => again.wrap(project, key, context), () => again.set(project, first.settings, undefined, 'keep')]) await assert.rejects(ask, { code: 'key_tampered' });
    assert.equal(again.state(project), 'denied');
    await again.requireUsable(other);
  }
  const again = restarted();
  again.destroy(project);
  assert.deepEqual(again.projects(), [other]);
});

test('the file provider: rotated, disabled by its owner, gone', async () => {
  const file = join(folder, 'development.key');
  createKeyFile(file);
  const real = new CustomerKeys(folder, root);
  await real.set(other, { provider: 'file', path: file }, undefined, 'keep');
  const by = await real.wrap(other, key, context);
  assert.ok(by);
  await real.rotate(other);
  assert.deepEqual(await real.unwrap(other, by.binding, by.key, context), key);
  assert.equal(real.show(other).developmentOnly, true);
  const enabled = readFileSync(file, 'utf8');
  writeFileSync(file, enabled.replaceAll('"enabled"', '"disabled"'));
  await assert.rejects(real.unwrap(other, by.binding, by.key, context), denied);
  writeFileSync(file, enabled);
  assert.deepEqual(await real.unwrap(other, by.binding, by.key, context), key);
  rmSync(file);
  assert.deepEqual(await real.unwrap(other, by.binding, by.key, context), key, 'no answer, a moment after one');
  await assert.rejects(real.wrap(other, key, context), unreachable);
});
