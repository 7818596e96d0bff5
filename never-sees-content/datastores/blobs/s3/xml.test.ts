import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { all, escaped, parseXml, textOf } from './xml.ts';

test('any text comes back as it was written', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => { assert.equal(textOf(parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n<R xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Key>${escaped(text)}</Key><Empty/></R>`), 'Key'), text); }));
});

test('elements are found by their names, in their order', () => {
  const root = parseXml('<R>\n <V><Key>a</Key></V>\n <D/>\n <V><Key>&#98;&#x63;</Key></V>\n</R>\n');
  assert.deepEqual([root.name, all(root, 'V').map((each) => textOf(each, 'Key')), all(root, 'X'), textOf(root, 'X')], ['R', ['a', 'bc'], [], '']);
});

describe('what S3 never answers is refused', () => {
  const refused = ['', 'text', '<a>', '</a>', '<a></b>', '<a/><b/>', '<a/>text', '<a><b></a></b>', '<a', '<a b>', '<a>&b;</a>', '<a>&</a>', '<a>&#0;</a>', '<a>&#x110000;</a>', '<!DOCTYPE a><a/>', '<a><!-- x --></a>', '<a><![CDATA[x]]></a>', '<?php x ?><a/>',
    '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`, '<__proto__', '<a>&constructor;</a>'];
  for (const text of refused) test(JSON.stringify(text.slice(0, 60)), () => assert.throws(() => parseXml(text), SyntaxError));
});

test('any other text is read or refused, and nothing else', () => {
  const pieces = fc.array(fc.constantFrom('<', '>', '</', '/>', 'a', 'b', ' ', '&', ';', '&lt;', '&#', '"', '=', 'xmlns="u"', '<?xml ?>', '<!', '-->'), { maxLength: 40 });
  fc.assert(fc.property(fc.oneof(fc.string(), pieces.map((each) => each.join(''))), (text) => { try { parseXml(text); } catch (error) { assert.ok(error instanceof SyntaxError); } }), { numRuns: 2000 });
});
