import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from './frames.ts';
import type { Frame } from './frames.ts';

const text = fc.oneof(fc.string(), fc.constantFrom('"usage":{', '[DONE]', '"error":', 'data: [DONE]', '\n\n', 'a "usage":{"x":1} b'));
const chunk = text.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n';
const done = 'data: [DONE]\n\n';

/** The same bytes cut at arbitrary places. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}
const read = (pieces: Buffer[]): Frame[] => { const reader = new FrameReader(); return pieces.flatMap((piece) => reader.push(piece)); };

test('however the bytes are cut, every frame comes once, in order, and only the real usage and end are seen as such', () => {
  fc.assert(fc.property(fc.array(chunk, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (chunks, places) => {
    const frames = read(cut(Buffer.from(chunks.join('') + usage + done), places));
    assert.equal(frames.map((frame) => (frame.kind === 'data' ? frame.bytes.toString() : '')).join(''), chunks.join(''));
    assert.deepEqual(frames.filter((frame) => frame.kind !== 'data').map((frame) => frame.kind), ['usage', 'done']);
  }));
});

test('a usage of null is data; an error frame is an error; CRLF is a line end', () => {
  assert.deepEqual(read([Buffer.from('data: {"choices":[{}],"usage":null}\n\n')]).map((frame) => frame.kind), ['data']);
  assert.deepEqual(read([Buffer.from('data: {"error":{"message":"x"}}\n\n')]).map((frame) => frame.kind), ['error']);
  assert.deepEqual(read([Buffer.from('event: error\ndata: {"message":"x","error":1}\n\n')]).map((frame) => frame.kind), ['error']);
  assert.deepEqual(read([Buffer.from('data: [DONE]\r\n\r\n')]).map((frame) => frame.kind), ['done']);
});

test('a frame that breaks off is seen as such', () => {
  assert.deepEqual(read([Buffer.from('data: {"choices": [\n\ndata: [DONE]\n\n')]).map((frame) => frame.kind), ['malformed', 'done']);
});

test('a frame without an end is given up before it fills the memory', () => {
  const reader = new FrameReader();
  const kinds = Array.from({ length: 40 }, () => reader.push(Buffer.alloc(64 << 10, 97))).flat().map((frame) => frame.kind);
  assert.ok(kinds.includes('malformed'));
});

test('a frame in tiny pieces is put together once', () => {
  const frame = Buffer.from(`data: ${JSON.stringify({ content: 'x'.repeat(500_000) })}\r\n\r\n`);
  const frames = read(Array.from(frame, (byte) => Buffer.of(byte)));
  assert.deepEqual(frames.map((each) => (each.kind === 'data' ? [each.bytes.length, each.frames] : each.kind)), [[frame.length, 1]]);
});
