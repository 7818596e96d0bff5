import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mostFileBytes, mostPartBytes } from '#contract/http/files.ts';
import { mostBytes, partBytes, partsOf, wholeUpTo } from './parts.ts';

test('what the browser takes for the limits is what the contract says', () => {
  assert.deepEqual([wholeUpTo, mostBytes], [mostPartBytes, mostFileBytes]);
  assert.ok(partBytes <= mostPartBytes && partsOf(mostFileBytes).length <= 10_000);
});

test('parts are the whole file, once, in order', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: mostBytes }), (size) => {
    const parts = partsOf(size);
    assert.equal(parts[0]?.from, 0);
    assert.equal(parts.at(-1)?.to, size);
    parts.forEach(({ from, to }, i) => assert.ok(to > from && to - from <= partBytes && from === (parts[i - 1]?.to ?? 0)));
  }));
});
