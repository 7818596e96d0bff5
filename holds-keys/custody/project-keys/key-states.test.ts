import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Leases } from '../data-keys/leases.ts';
import { newId } from '../orders-under-test.ts';
import { CustomerKeys } from './customer-keys.ts';
import { KeyStates } from './key-states.ts';
import { gate, Providers } from './provider-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-states-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const project = newId('prj');
const root = randomBytes(32);
const providers = new Providers();
const { provider, settings } = providers.add('first');

test('who waits is told as soon as a state changes: disabled by us, denied by the provider, enabled again, removed', { timeout: 20_000 }, async () => {
  const keys = new CustomerKeys(folder, root, providers.open);
  const states = new KeyStates(keys, new Leases());
  states.start();
  const changes: [string, () => unknown, object[]][] = [
    ['set', () => keys.set(project, settings, undefined, 'stop'), [{ project, state: 'enabled', onDenied: 'stop' }]],
    ['disabled', () => keys.setDisabled(project, true), [{ project, state: 'disabled', onDenied: 'stop' }]],
    ['enabled', () => keys.setDisabled(project, false), [{ project, state: 'enabled', onDenied: 'stop' }]],
    ['denied, though nobody asks for a key', () => { provider.failure = 'denied'; }, [{ project, state: 'denied', onDenied: 'stop' }]],
    ['answering', () => { provider.failure = undefined; }, [{ project, state: 'enabled', onDenied: 'stop' }]],
    ['unreachable', () => { provider.failure = 'unreachable'; }, [{ project, state: 'unreachable', onDenied: 'stop' }]],
    ['answering again', () => { provider.failure = undefined; }, [{ project, state: 'enabled', onDenied: 'stop' }]],
    ['removed', () => keys.remove(project), []],
  ];
  for (const [what, change, expected] of changes) {
    const { version } = await states.changedSince(0);
    const told = states.changedSince(version);
    await change();
    const answer = await told;
    assert.notEqual(answer.version, version, what);
    assert.deepEqual(answer.states, expected, what);
  }
  states.close();
});

test('after a restart: who begins to watch is told the refusal, and never that a key works which nobody has asked', { timeout: 20_000 }, async () => {
  await new CustomerKeys(folder, root, providers.open).set(project, settings, undefined, 'stop');
  provider.failure = 'denied';
  const states = new KeyStates(new CustomerKeys(folder, root, providers.open), new Leases());
  states.start();
  assert.deepEqual((await states.changedSince(0)).states, [{ project, state: 'denied', onDenied: 'stop' }]);
  states.close();
  const { opened, open } = gate();
  provider.before = opened;
  const silent = new KeyStates(new CustomerKeys(folder, root, providers.open), new Leases());
  silent.start();
  assert.deepEqual((await silent.changedSince(0)).states, [{ project, state: 'unreachable', onDenied: 'stop' }]);
  silent.close();
  provider.before = provider.failure = undefined;
  open();
  rmSync(folder, { recursive: true });
});

test('what was seen of a process before this one is not taken for seen', async () => {
  const before = new KeyStates(new CustomerKeys(folder, root, providers.open), new Leases());
  const { version } = await before.changedSince(0);
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  const now = new KeyStates(new CustomerKeys(folder, root, providers.open), new Leases());
  assert.notEqual((await now.changedSince(version)).version, version);
});

test('closing lets nobody wait', async () => {
  const states = new KeyStates(new CustomerKeys(folder, root, providers.open), new Leases());
  const { version } = await states.changedSince(0);
  const waiting = states.changedSince(version);
  states.close();
  assert.equal((await waiting).version, version);
});
