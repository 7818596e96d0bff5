import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Name } from '#contract/names.ts';
import { problemOf, suggestedName } from './name.ts';

test('a suggested name is one that the contract takes and nobody has', () => {
  for (const model of ['smollm2-135m-instruct', 'mistral-7b-instruct-v0.3', '-_.', 'a'.repeat(96), 'x..y__z.']) {
    const first = suggestedName(model, []);
    assert.ok(Name.safeParse(first).success, first);
    assert.equal(problemOf(first, []), undefined);
    const second = suggestedName(model, [first, `${first}-2`]);
    assert.equal(second, `${first}-3`);
    assert.ok(Name.safeParse(second).success, second);
  }
});
test('what the contract refuses is refused before it is sent, and so is a name that is taken', () => {
  for (const name of ['', 'A', '-a', 'a-', 'a.b', 'a/b', 'a'.repeat(64)]) {
    assert.equal(Name.safeParse(name).success, false);
    assert.notEqual(problemOf(name, []), undefined, name);
  }
  assert.match(problemOf('demo', ['demo']) ?? '', /Another/);
});
