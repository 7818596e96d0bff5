import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '#contract/canonical-json.ts';
import { AttemptOutcome, DeletionStatement } from '#contract/deletion.ts';
import { attemptInWords, isGone, outcomeInWords, readStatement } from './statement.ts';

const copies = [{ copy: 'the sealed bytes', place: 'datastore', outcome: 'absent' as const }];

test('a statement is read with and without what was added to the format later', () => {
  assert.deepEqual(readStatement(canonicalJson({ copies, kept: [] })), { copies: [{ ...copies[0], before: undefined, after: undefined }], kept: [], outOfReach: [] });
  const outOfReach = [{ what: 'a disk\'s own snapshots', why: 'Modelkeep does not know of them' }];
  assert.deepEqual(readStatement(canonicalJson({ copies: [{ ...copies[0], before: 'opened', after: 'key_not_found' }], kept: [], outOfReach })), { copies: [{ ...copies[0], before: 'opened', after: 'key_not_found' }], kept: [], outOfReach });
});

test('what is no statement is refused, and an outcome that is not known is not taken for gone', () => {
  for (const each of ['', '[]', '{}', '{"copies":[{"copy":1}],"kept":[]}']) assert.throws(() => readStatement(each), { code: 'document_malformed' });
  assert.deepEqual(['absent', 'undecryptable', 'present', ''].map(isGone), [true, true, false, false]);
});

test('every attempt and outcome of the contract has words', () => {
  for (const each of [...AttemptOutcome.options, 'not_tried']) assert.notEqual(attemptInWords(each), each);
  for (const each of DeletionStatement.shape.copies.element.shape.outcome.options) assert.ok(outcomeInWords(each) !== each && isGone(each));
});
