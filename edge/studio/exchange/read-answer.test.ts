import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer, takeChunk, takeVectors, takeWhole } from './read-answer.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const frame = (value: object | string): string => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const word = (content: string): string => frame({ choices: [{ delta: { content }, finish_reason: null }] });
/** A body in these pieces; `cut`: then the connection breaks. */
function bodyOf(pieces: Uint8Array[], cut = false): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({ pull: (controller) => { const next = left.shift(); if (next) controller.enqueue(next); else if (cut) controller.error(new TypeError('network error')); else controller.close(); } });
}
async function read(text: string, { streamed = true, cut = false, size = 7 } = {}): Promise<{ text: string; answer: Awaited<ReturnType<typeof readAnswer>>; same: boolean }> {
  const bytes = utf8(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  let said = '';
  const take = streamed ? takeChunk((piece) => { said += piece; }) : takeWhole((piece) => { said += piece; });
  const answer = await readAnswer(bodyOf(pieces, cut), { streamed, take, since: performance.now() });
  return { text: said, answer, same: Buffer.compare(answer.received, bytes) === 0 };
}

test('a stream is told word by word, and its bytes are kept with their frames', async () => {
  const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
  const { text, answer, same } = await read(`: hello\n\n${word('Gr')}${word('ün 🌳')}${frame({ choices: [{ delta: {}, finish_reason: 'stop' }] })}${frame({ choices: [], usage })}${frame('[DONE]')}`, { size: 3 });
  assert.deepEqual([text, answer.finish, answer.usage, answer.ended, answer.unreadable, same], ['Grün 🌳', 'stop', usage, true, false, true]);
  assert.ok((answer.firstMs ?? -1) >= 0);
});

test('a frame that was changed on the way costs that frame alone, and its bytes are still there to be compared', async () => {
  const { text, answer, same } = await read(`${word('one ')}data: {"choices"_broken\n\n${word('two')}`);
  assert.deepEqual([text, answer.unreadable, answer.ended, same], ['one two', true, true, true]);
});

test('a connection that is cut leaves what came, and says that it was cut', async () => {
  const { text, answer, same } = await read(`${word('one ')}data: {"cho`, { cut: true });
  assert.deepEqual([text, answer.ended, same], ['one ', false, true]);
});

test('an error in the middle of a stream is told by its code', async () => {
  const { answer } = await read(`${word('one')}${frame({ error: { code: 'engine_failed', message: 'Words of ours.' } })}`);
  assert.deepEqual(answer.error, { code: 'engine_failed', message: 'Words of ours.' });
});

test('an answer in one piece is read whole; one that is no JSON is unreadable', async () => {
  const { text, answer } = await read(JSON.stringify({ choices: [{ message: { content: 'all' }, finish_reason: 'length' }] }), { streamed: false });
  assert.deepEqual([text, answer.finish, answer.unreadable], ['all', 'length', false]);
  for (const not of ['{"choices"', '{}', 'null']) assert.ok((await read(not, { streamed: false })).answer.unreadable, not);
});

test('vectors come in the order of the texts', async () => {
  let vectors: number[][] = [];
  const body = JSON.stringify({ data: [{ index: 1, embedding: [2] }, { index: 0, embedding: [1] }], usage: { prompt_tokens: 2, total_tokens: 2 } });
  await readAnswer(bodyOf([utf8(body)]), { streamed: false, take: takeVectors((found) => { vectors = found; }), since: 0 });
  assert.deepEqual(vectors, [[1], [2]]);
});
