/** Documents as the verifier takes them: in their one spelling, or, where they came within another document, in any that loses nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonical, parseDocument, parseSpelledAnew } from './document.ts';
import type { Json, Members } from './document.ts';
import { VerificationFailure } from './failure.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const fails = (code: string) => (error: unknown): boolean => error instanceof VerificationFailure && error.code === code;
/** As Python's library spells text. */
const inAscii = (text: string): string => text.replace(/[^\u0000-\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
const document = fc.dictionary(fc.stringMatching(/^[a-z "\\é{}:,]{1,8}$/), fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)) as Json));

test('a document that was written anew by a library of JSON is the same document', () => {
  fc.assert(fc.property(document, fc.constantFrom(0, 1, 2, '\t'), (value, indent) => {
    for (const text of [JSON.stringify(value, null, indent), `${inAscii(JSON.stringify(value, null, indent))}\n`, canonical(value)]) assert.equal(canonical(parseSpelledAnew(bytes(text))), canonical(value as Members));
  }));
});

test('a name that stands twice is found, wherever and however it is spelled', () => {
  for (const text of ['{"a":1,"a":1}', '{"a":1, "b":{"c":[{"d":1,\n"d":2}]}}', '{"a":1,"\\u0061":2}', '{"__proto__":{},"__proto__":1}']) assert.throws(() => parseSpelledAnew(bytes(text)), fails('json_not_canonical'), text);
});

test('a document of its own has one spelling', () => {
  assert.deepEqual(parseDocument(bytes('{"a":1,"b":2}\n')), { a: 1, b: 2 });
  for (const text of ['{"b":2,"a":1}', '{ "a":1}', '{"a":1}\n\n']) assert.throws(() => parseDocument(bytes(text)), fails('json_not_canonical'), text);
});
