import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { clock } from '../clock.ts';
import { UnwrappedKeys } from './unwrapped-keys.ts';

const context = (object: string, project = 'prj_a'): Record<string, string> => ({ project, object, purpose: 'file', layer: 'customer' });

test('a key is there for a minute, as a copy, and no longer however often it is asked for', (t) => {
  let now = 0;
  t.mock.method(clock, 'now', () => now);
  const keys = new UnwrappedKeys();
  const key = randomBytes(32);
  keys.remember(context('obj_a'), key);
  const copy = keys.find(context('obj_a'));
  assert.deepEqual(copy, key);
  copy?.fill(0);
  now = 59_999;
  assert.deepEqual(keys.find(context('obj_a')), key);
  now = 60_000;
  assert.equal(keys.find(context('obj_a')), undefined);
  now = 0;
  assert.equal(keys.find(context('obj_a')), undefined, 'it is not only late, it is gone');
});

test('it is forgotten with its object, in whatever kind, and with its project, and no other is', () => {
  const keys = new UnwrappedKeys();
  for (const each of [context('obj_a'), { ...context('obj_a'), purpose: 'part' }, context('obj_b'), context('obj_c', 'prj_b')]) keys.remember(each, randomBytes(32));
  keys.forgetObject('prj_a', 'obj_a');
  assert.equal(keys.find(context('obj_a')) ?? keys.find({ ...context('obj_a'), purpose: 'part' }), undefined);
  assert.ok(keys.find(context('obj_b')));
  keys.forgetProject('prj_a');
  assert.equal(keys.find(context('obj_b')), undefined);
  assert.ok(keys.find(context('obj_c', 'prj_b')));
});

test('it keeps a thousand, the newest', () => {
  const keys = new UnwrappedKeys();
  for (let i = 0; i < 1100; i++) keys.remember(context(`obj_${i}`), randomBytes(32));
  assert.equal(Array.from({ length: 1100 }, (_, i) => keys.find(context(`obj_${i}`))).filter((key) => key !== undefined).length, 1000);
  assert.ok(keys.find(context('obj_1099')));
});
