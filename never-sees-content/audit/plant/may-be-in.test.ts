import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { outcomes } from '../cell.ts';
import type { Cell } from '../cell.ts';
import { mayBeIn } from './may-be-in.ts';

const all = Object.values(operations) as Operation[];
const cell = (changes: Partial<Cell>): Cell => ({ id: 'c1', operation: 'createFile', field: 'request file', mark: 'content', outcome: 'complete', stream: false, engine: 'none', status: 200, mayBeIn: [], ...changes });

test('content is nowhere, however its request ends; an external engine alone is sent it', () => {
  for (const operation of all.filter(carriesContent)) {
    for (const outcome of outcomes) {
      assert.deepEqual(mayBeIn(operation, cell({ outcome })), [], `${operation.id} ${outcome}`);
      if (operation.access === 'inference') assert.ok(mayBeIn(operation, cell({ outcome, engine: 'external' })).every((place) => place === 'engine'));
    }
  }
});

test('a credential is nowhere; a customer\'s is in the memory of those who use it, and nowhere where its request was refused at the door', () => {
  const secret = (operation: Operation, outcome: Cell['outcome'] = 'complete'): string[] => mayBeIn(operation, cell({ mark: 'secret', outcome }));
  assert.deepEqual(secret(operations.setCustomerKey), ['custody memory']);
  assert.deepEqual(secret(operations.createDatastore), ['custody memory', 'control memory']);
  for (const operation of all) {
    assert.deepEqual(secret(operation, 'refused_by_authentication'), []);
    if (operation !== operations.setCustomerKey && operation !== operations.createDatastore) assert.deepEqual(secret(operation), [], operation.id);
  }
});

test('the name of a file stands in the database where it was accepted; that of a part is nobody\'s', () => {
  const named = (operation: Operation, status: number): string[] => mayBeIn(operation, cell({ mark: 'personal', field: 'request name of the file', status }));
  assert.deepEqual(named(operations.createFile, 200), ['control memory', 'postgres memory', 'database', 'answer']);
  assert.deepEqual(named(operations.createFile, 400), ['control memory', 'postgres memory']);
  assert.deepEqual(named(operations.addUploadPart, 200), []);
});
