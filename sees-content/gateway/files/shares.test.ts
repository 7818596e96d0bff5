import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Shares } from './shares.ts';

test('a project that has its share waits for its own, in order; others do not', async () => {
  const shares = new Shares(2);
  const [first] = [await shares.take('one'), await shares.take('one')];
  const had: string[] = [];
  for (const name of ['third', 'fourth']) void shares.take('one').then(() => had.push(name));
  (await shares.take('other'))();
  await turn();
  assert.deepEqual(had, []);
  first?.();
  first?.();
  await turn();
  assert.deepEqual(had, ['third'], 'given back twice is given back once');
});
