import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { content, fieldsOf, personal, pub } from '#contract/marks.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { makeCanary } from '../canary.ts';
import { accepts, example } from './example.ts';
import { placements } from './placements.ts';

const parts = (Object.values(operations) as Operation[]).flatMap((op) => (['params', 'query', 'request'] as const).flatMap((part) => (op[part] ? [{ name: `${op.id} ${part}`, schema: op[part] }] : [])));

for (const { name, schema } of parts) {
  test(`${name}: its example is valid, and so is a canary wherever text is allowed`, () => {
    assert.ok(accepts(schema, example(schema)), JSON.stringify(example(schema)));
    for (const { path, valid, invalid } of placements(schema)) {
      const canary = makeCanary();
      if (valid) assert.ok(accepts(schema, valid(canary)) && JSON.stringify(valid(canary)).includes(canary), path);
      assert.ok(JSON.stringify(invalid(canary)).includes(canary), path);
    }
  });
  test(`${name}: no field is left out`, () => {
    const plain = (path: string): string => path.replace(/\([^)]*\)/g, '').replace(/\{name\}/g, '{}').replace(/^\./, '');
    const planted = new Set(placements(schema).map(({ path }) => plain(path)));
    assert.deepEqual(fieldsOf(schema).filter(({ path }) => ![...planted].some((each) => each === path || each.startsWith(path))), []);
  });
}

test('a field that nobody thought of is found, with its mark and its branch', () => {
  const sneaky = z.strictObject({
    note: pub(z.string()), who: personal(z.record(z.string(), z.string()).optional()),
    deep: content(z.array(z.discriminatedUnion('kind', [z.object({ kind: z.literal('one'), text: z.string() }), z.object({ kind: z.literal('two'), more: z.lazy(() => z.string()) })])).min(1)),
  });
  const found = placements(sneaky).filter(({ valid }) => valid).map(({ path, mark }) => `${path} ${mark}`);
  assert.deepEqual(found, ['note public', 'who{name} personal', 'who{} personal', 'deep[](one).text content', 'deep[](two).more content']);
});
