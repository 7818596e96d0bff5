import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contextBytes } from './context.ts';
import { ProviderError } from './provider.ts';

const contexts = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));

test('the same context has the same bytes in whatever order its fields were written', () => {
  fc.assert(fc.property(contexts, (context) => assert.deepEqual(contextBytes(Object.fromEntries(Object.entries(context).reverse())), contextBytes(context))));
});

test('confusion: two contexts that differ have different bytes', () => {
  fc.assert(fc.property(contexts, contexts, (one, other) => {
    const same = Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([field, value]) => Object.hasOwn(other, field) && other[field] === value);
    assert.equal(contextBytes(one).equals(contextBytes(other)), same);
  }));
  for (const [one, other] of [[{ a: '1', b: '2' }, { a: '1","b":"2' }], [{ ab: 'c' }, { a: 'bc' }], [{ a: '' }, {}]] as Record<string, string>[][]) assert.notDeepEqual(contextBytes(one ?? {}), contextBytes(other ?? {}));
});

test('the same bytes for ever: keys that were wrapped stay unwrappable', () => {
  assert.equal(contextBytes({ project: 'prj_1', layer: 'customer' }).toString(), 'modelkeep/wrap/v1\n{"layer":"customer","project":"prj_1"}');
});

test('what has no one spelling is refused', () => assert.throws(() => contextBytes({ project: '\ud800' }), (error) => error instanceof ProviderError && error.code === 'misconfigured'));
