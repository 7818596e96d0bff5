/** The promises are all there, and what they refer to exists. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { operations } from './operations.ts';
import { promises } from './promises.ts';
import { promisesPage } from './promises-page.ts';

test('there are twenty, in order, and each says how it is kept, how it is proved and what it does not cover', () => {
  assert.deepEqual(promises.map(({ id }) => id), Array.from({ length: 20 }, (_, i) => `P${i + 1}`));
  for (const { id, enforcedBy, provedBy, notCovered } of promises) assert.ok(enforcedBy.length > 0 && provedBy.length > 0 && notCovered.length > 0, id);
});

test('what the API answers is what the contract of the API allows', () => {
  assert.deepEqual(operations.listPromises.response.parse({ data: promises }), { data: promises });
});

test('docs/promises.md is the generated page', () => {
  assert.equal(readFileSync(new URL('../docs/promises.md', import.meta.url), 'utf8'), promisesPage(), 'run: npm run promises');
});

test('a promise about what does not exist is not said to be kept', () => {
  const training = Object.values(operations).filter(({ id }) => /train|tun|offer|subscri|polic/i.test(id));
  assert.deepEqual(training, []);
  for (const id of ['P8', 'P12', 'P14', 'P17']) assert.equal(promises.find((each) => each.id === id)?.state, 'not_yet', id);
});
