/** What searching the catalog promises: a facet's count is what choosing that value finds, and pages together are the whole list, each model once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ModelSummary } from '#contract/http/models.ts';
import { entryOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { find } from './find.ts';
import type { FacetName, Filters } from './find.ts';
import { after, cursorAfter, inOrder } from './order.ts';

const some = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const summaries = fc.array(fc.record({
  displayName: some('Tiny Chat', 'Café Embed', 'Große Llama', 'Coder'), publisher: some('Acme', 'Zürich Lab', 'Others'), summary: some('For code.', 'Vectors of sentences.', ''),
  task: some('chat-completion', 'text-generation', 'embeddings'), licence: some('MIT', 'Apache-2.0', 'LicenseRef-x'), deployable: fc.boolean(), pull: some('not_pulled', 'pulling', 'pulled', 'failed'),
  size: some(undefined, 90e6, 500e6, 3e9, 60e9), parameters: some(undefined, 1e8, 1e9),
}), { maxLength: 40 });
const filters: fc.Arbitrary<Filters> = fc.record({
  search: some(undefined, 'tiny', 'CAFE', 'llama acme', 'nothing of that', ' '), task: some(undefined, 'embeddings', 'chat-completion'), licence: some(undefined, 'MIT', 'GPL-3.0'),
  publisher: some(undefined, 'Acme'), deployable: some(undefined, 'true', 'false'), pull: some(undefined, 'pulled'), maxSize: some(undefined, 500e6, 5e9),
});
const entries = summaries.map((list) => list.map((each, i): Entry => entryOf({ name: `m${i}`, version: '1', digest: `sha256:${'0'.repeat(64)}`, format: 'gguf', ...each }, i)));

test('the count of a facet is what choosing its value finds', () => {
  fc.assert(fc.property(entries, filters, (all, chosen) => {
    const { facets } = find(all, chosen);
    for (const [name, values] of Object.entries(facets) as [FacetName, { value: string; count: number }[]][]) {
      for (const { value, count } of values) {
        const with_ = find(all, { ...chosen, ...(name === 'size' ? { maxSize: Number(value) } : { [name]: value }) });
        assert.equal(with_.matching.length, count, `${name} ${value}`);
      }
    }
  }), { numRuns: 300 });
});

test('every model that is found has all words and all chosen values, and none that has is missing', () => {
  fc.assert(fc.property(entries, filters, (all, chosen) => {
    const plain = all.filter(({ summary, words }) => (chosen.search ?? '').toLowerCase().split(' ').every((word) => words.includes(word))
      && (['task', 'licence', 'publisher', 'pull'] as const).every((field) => chosen[field] === undefined || summary[field] === chosen[field])
      && (chosen.deployable === undefined || String(summary.deployable) === chosen.deployable) && (chosen.maxSize === undefined || (summary.size ?? Infinity) <= chosen.maxSize));
    assert.deepEqual(find(all, chosen).matching, plain);
  }));
});

test('case and accents make no difference to a search', () => {
  const one = entryOf({ name: 'cafe', displayName: 'Café ÉCLAIR', publisher: 'Ünïted', summary: '', licence: 'MIT', task: 'embeddings' } as ModelSummary, 1);
  for (const search of ['cafe', 'CAFÉ éclair', 'united', 'eclair unit', 'mit embeddings']) assert.equal(find([one], { search }).matching.length, 1, search);
});

test('pages in any order are the whole list, each model once, also where a model goes in between', () => {
  fc.assert(fc.property(entries, some('name', 'newest', 'size', 'parameters'), fc.integer({ min: 1, max: 7 }), fc.nat(40), (all, sort, limit, gone) => {
    let list = inOrder(all, sort);
    const seen: string[] = [];
    for (let rest: Entry[] | undefined = list; rest.length > 0;) {
      const page: Entry[] = rest.slice(0, limit);
      seen.push(...page.map(({ summary }) => summary.name));
      const last: Entry | undefined = page.at(-1);
      if (!last) break;
      list = list.filter((each) => seen.includes(each.summary.name) || each !== all[gone]);
      rest = after(list, sort, cursorAfter(sort, last)) ?? [];
    }
    assert.deepEqual(seen, list.map(({ summary }) => summary.name));
  }));
});

test('a cursor that is none, or of another order, is told apart', () => {
  const [one] = [entryOf({ name: 'a' } as ModelSummary, 1)];
  assert.equal(after([one], 'size', cursorAfter('name', one)), undefined);
  for (const cursor of ['', 'x', 'bnVsbA', Buffer.from('["name",0,"../x"]').toString('base64url')]) assert.equal(after([one], 'name', cursor), undefined, cursor);
});
