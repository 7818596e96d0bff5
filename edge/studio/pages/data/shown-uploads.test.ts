import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownOf, togetherInWords } from './shown-uploads.ts';
import type { Upload } from './uploads.ts';

const uploads = (...stages: [many: number, at: Upload['stage']['at']][]): Upload[] => stages.flatMap(([many, at]) => Array.from({ length: many }, (_each, i) => ({ id: i, file: new File([], `${at} ${i}`), order: { project: 'default', purpose: 'user_data', datastore: undefined }, sent: 0, stage: { at } }) as Upload));

test('of many uploads, each that failed or is on its way has a row, and the rest is counted', () => {
  const all = uploads([300, 'done'], [40, 'failed'], [2, 'sending'], [158, 'queued']);
  const { rows, stored, waiting } = shownOf(all);
  assert.equal(rows.filter(({ stage: { at } }) => at === 'failed' || at === 'sending').length, 42);
  assert.equal(rows.length + stored + waiting, all.length);
  assert.deepEqual([stored, waiting, rows.length], [295, 153, 52]);
  assert.deepEqual(shownOf(all.slice(0, 20)), { rows: all.slice(0, 20), stored: 0, waiting: 0 });
  assert.equal(togetherInWords(all, String), '300 of 500 stored, 160 under way, 40 not stored');
});
