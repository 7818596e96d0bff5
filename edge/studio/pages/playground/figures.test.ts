import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../../exchange/exchange.ts';
import { announcementOf, figuresOf } from './figures.ts';

const none = new Uint8Array();
const exchange: Exchange = {
  requestId: 'req_1', sent: none, received: none, salt: null, streamed: true, firstMs: 100, totalMs: 1100, usage: { prompt_tokens: 7, completion_tokens: 20, total_tokens: 27 },
  finish: 'stop', refusal: null, whole: true, stopped: false,
};

test('an answer in JSON mode is told to be valid JSON or not; others are not judged', () => {
  assert.match(figuresOf(exchange, '{"a": [1]}'), / · valid JSON$/);
  assert.match(figuresOf({ ...exchange, finish: 'length' }, '{"a": [1'), / · not valid JSON · cut at the most tokens$/);
  assert.doesNotMatch(figuresOf(exchange), /JSON/);
});

test('the rate of a stream begins at its first token; that of a whole answer at the question', () => {
  assert.match(figuresOf(exchange), /7 tokens in, 20 out · first token after 100 ms · whole answer 1.1 s · 20\.0 tokens per second$/);
  assert.match(figuresOf({ ...exchange, streamed: false }), /7 tokens in, 20 out · whole answer 1.1 s · 18\.2 tokens per second$/);
});

test('an answer that was stopped or cut says so, and one too short to measure claims no rate', () => {
  assert.match(figuresOf({ ...exchange, usage: null, whole: false, stopped: true }), /ended after 1.1 s · stopped by you$/);
  assert.match(figuresOf({ ...exchange, finish: 'length' }), /cut at the most tokens$/);
  assert.doesNotMatch(figuresOf({ ...exchange, totalMs: 105 }), /per second/);
});

test('a screen reader hears of an answer when it is whole and when its receipt is checked, not before', () => {
  const turn = { id: 1, question: '', answer: 'a', running: true };
  assert.equal(announcementOf(turn), '');
  assert.equal(announcementOf({ ...turn, running: false, exchange }), 'Answer complete.');
  const checked = { id: 'req_1', file: none, receipt: null, entry: null, verdict: { passed: true, checks: [{ check: 'x', passed: true }] }, key: 'first_use' as const };
  assert.match(announcementOf({ ...turn, running: false, exchange, checked }), /^Answer complete\. Receipt verified .*1 of 1 checks\.$/);
});
