import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { idIn, partOf, quoted } from './files.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const receipt = utf8('{"format":"modelkeep/receipt-file/1","receipt":{"receipt_id":"req_0ab"}}');

test('a receipt is known by what is in it, whatever it is called', () => {
  assert.equal(partOf('answer.json', receipt), 'receipt');
  assert.equal(idIn(receipt), 'req_0ab');
});

test('bodies are known by their names, as the documents and the studio call them', () => {
  for (const [name, part] of [['request.body', 'prompt'], ['receipt-req_1-prompt.body', 'prompt'], ['answer.body', 'response'], ['receipt-req_1-response.body', 'response']] as const) assert.equal(partOf(name, utf8('{"model":"x"}')), part, name);
});

test('a name that tells nothing, or both, is not guessed', () => {
  for (const name of ['body', 'request-and-response.txt']) assert.equal(partOf(name, utf8('x')), undefined, name);
});

test('an id that is none is not put into names of files', () => {
  for (const text of ['', 'null', '[]', '{"receipt":{"receipt_id":"../../etc"}}', '{"receipt":{"receipt_id":7}}']) assert.equal(idIn(utf8(text)), 'file', text);
});

test('a name is one word of a shell\'s line, whatever is in it', () => {
  for (const name of ['answer.body', 'my answer.body', 'it\'s', '$(id)', '`id`; id', 'a\\b"c', 'two\nlines']) assert.equal(execFileSync('sh', ['-c', `printf %s ${quoted(name)}`]).toString(), name);
  assert.equal(quoted('-o'), '\'./-o\'');
});
