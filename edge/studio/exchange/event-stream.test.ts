import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventStream } from './event-stream.ts';

test('however the network cuts a stream, its events are the same', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\r\n]/.test(text));
  fc.assert(fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(200), { maxLength: 20 }), (texts, end, cuts) => {
    const whole = new TextEncoder().encode(texts.map((text) => `: comment${end}data: ${text}${end}${end}`).join(''));
    const stream = new EventStream();
    const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
    const found = places.slice(1).flatMap((to, i) => stream.push(whole.subarray(places[i], to)));
    assert.deepEqual(found, texts);
  }));
});

test('data in several lines is one event, and an event without data is none', () => {
  assert.deepEqual(new EventStream().push(new TextEncoder().encode('event: a\ndata: 1\ndata: 2\n\n: nothing\n\n')), ['1\n2']);
});
