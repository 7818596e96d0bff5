import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { deepestRow, mostBatchRows, mostRowBytes, mostRowProblems, rowReasons, RowProblem } from '#contract/http/file-rows.ts';
import type { RowReason } from '#contract/http/file-rows.ts';
import type { FilePurpose } from '#contract/http/files.ts';
import { errorBody, GatewayError } from '../../gateway-error.ts';
import { RowCheck } from './row-check.ts';
import { RowsInvalid } from './rows-invalid.ts';

type Found = { rows: number | null } | { problems: readonly RowProblem[]; more: boolean };

/** In chunks of the given sizes, and the rest at once. */
function found(file: string | Buffer, purpose: FilePurpose, sizes: readonly number[] = [], known = true): Found {
  const check = new RowCheck(known ? purpose : undefined);
  const bytes = Buffer.from(file);
  let at = 0;
  try {
    for (const size of [...sizes, bytes.length]) { check.write(bytes.subarray(at, at + size)); at += size; }
    return check.end(purpose);
  } catch (error) {
    if (!(error instanceof RowsInvalid)) throw error;
    return { problems: error.rows, more: error.more };
  }
}
const rows = (...values: unknown[]): string => values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');

const user = { role: 'user', content: 'Where is it?' };
const answer = { role: 'assistant', content: 'Here.' };
const chat = { messages: [user, answer] };
const completion = { prompt: 'Where?', completion: ' Here.' };
const preference = { input: { messages: [user] }, preferred_output: [answer], non_preferred_output: [{ role: 'assistant', content: 'No.' }] };
const call = { id: 'c1', type: 'function', function: { name: 'find', arguments: '{"most":1}' } };
const tool = { type: 'function', function: { name: 'find', description: 'Finds.', parameters: { type: 'object', properties: { most: { type: 'integer' } } }, strict: true } };
const request = { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages: [user] } };
const says = (...messages: unknown[]): object => ({ messages });
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** What is wrong in the last row, and in no other. */
const examples: Record<RowReason, [purpose: FilePurpose, file: string | Buffer]> = {
  byte_order_mark: ['fine-tune', `\ufeff${JSON.stringify(chat)}`],
  not_utf8: ['evals', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
  row_too_long: ['evals', `{"a":"${'x'.repeat(mostRowBytes - 7)}"}`],
  row_empty: ['evals', '\n{}'],
  not_json: ['fine-tune', '{"messages":'],
  not_an_object: ['evals', '[{}]'],
  too_deep: ['evals', nested(deepestRow + 1)],
  key_twice: ['evals', '{"a":{"b":1,"\\u0062":2}}'],
  key_forbidden: ['evals', '{"a":[{"__pro\\u0074o__":{}}]}'],
  no_rows: ['evals', '\n'],
  unknown_key: ['fine-tune', rows(chat, { ...chat, weight: 1 })],
  kind_unknown: ['fine-tune', rows({ text: 'something' })],
  kinds_mixed: ['fine-tune', rows(chat, completion)],
  messages_invalid: ['fine-tune', rows({ messages: [] })],
  role_invalid: ['fine-tune', rows(says({ role: 'moderator', content: '' }, answer))],
  content_invalid: ['fine-tune', rows(says({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }, answer))],
  name_invalid: ['fine-tune', rows(says({ ...user, name: 'a name' }, answer))],
  weight_invalid: ['fine-tune', rows(says(user, { ...answer, weight: 0.5 }))],
  tool_calls_invalid: ['fine-tune', rows(says(user, { role: 'assistant', tool_calls: [{ ...call, function: { name: 'find', arguments: {} } }] }))],
  tool_call_unknown: ['fine-tune', rows(says(user, { role: 'tool', tool_call_id: 'c1', content: '' }, answer))],
  tools_invalid: ['fine-tune', rows({ ...chat, tools: [{ ...tool, function: { name: 'find', parameters: 'object' } }] })],
  no_assistant: ['fine-tune', rows(says(user))],
  last_not_assistant: ['fine-tune', rows(says(user, answer, user))],
  nothing_to_learn: ['fine-tune', rows(says(user, { ...answer, weight: 0 }))],
  completion_invalid: ['fine-tune', rows({ prompt: 'a' })],
  preference_invalid: ['fine-tune', rows({ input: { messages: [user] }, preferred_output: [answer] })],
  custom_id_invalid: ['batch', rows({ ...request, custom_id: 7 })],
  custom_id_twice: ['batch', rows(request, { ...request, custom_id: 'b' }, request)],
  method_invalid: ['batch', rows({ ...request, method: 'GET' })],
  url_invalid: ['batch', rows({ ...request, url: 'https://example.org/v1/embeddings' })],
  url_mixed: ['batch', rows(request, { ...request, custom_id: 'b', url: '/v1/embeddings' })],
  body_invalid: ['batch', rows({ ...request, body: [] })],
  too_many_rows: ['batch', Array.from({ length: mostBatchRows + 1 }, (_, i) => JSON.stringify({ ...request, custom_id: String(i), body: {} })).join('\n')],
};
/** Other rows that are refused, by reason. */
const others: Partial<Record<RowReason, unknown[]>> = {
  unknown_key: [
    { ...completion, weight: 1 }, { ...preference, weight: 1 }, { ...preference, input: { messages: [user], temperature: 1 } }, says({ ...user, id: 1 }, answer), says({ ...user, content: [{ type: 'text', text: '', cache: 1 }] }, answer),
    says(user, { ...answer, audio: null }), says(user, { role: 'assistant', tool_calls: [{ ...call, more: 1 }] }), says(user, { role: 'assistant', tool_calls: [{ ...call, function: { ...call.function, more: 1 } }] }),
    { ...chat, tools: [{ ...tool, more: 1 }] }, { ...chat, tools: [{ ...tool, function: { ...tool.function, more: 1 } }] }, { ...chat, functions: [{ name: 'find', strictly: 1 }] },
  ],
  messages_invalid: [{ messages: null }, { messages: {} }, { messages: ['text'] }, { ...preference, preferred_output: [] }, { ...preference, input: {} }],
  role_invalid: [says({ content: '' }, answer), says({ role: 'toString', content: '' }, answer), { ...preference, preferred_output: [user] }],
  content_invalid: [
    says({ role: 'user' }, answer), says({ role: 'user', content: null }, answer), says({ role: 'user', content: [] }, answer), says({ role: 'user', content: ['text'] }, answer), says({ role: 'user', content: [{ type: 'refusal', refusal: '' }] }, answer),
    says(user, { role: 'assistant' }), says(user, { role: 'assistant', content: null, refusal: null }), says(user, { ...answer, refusal: 1 }), says(user, { role: 'assistant', content: 1, tool_calls: [call] }),
  ],
  name_invalid: [says({ role: 'function', content: '' }, answer), says(user, { role: 'assistant', function_call: { arguments: '' } }), { ...chat, functions: [{}] }],
  weight_invalid: [says({ ...user, weight: 1 }, answer), says(user, { ...answer, weight: true }), says(user, { ...answer, weight: null })],
  tool_calls_invalid: [[], null, 'find', [null], [{ ...call, id: '' }], [{ ...call, type: 'code' }], [{ ...call, function: null }]].map((calls) => says(user, { role: 'assistant', tool_calls: calls })),
  tool_call_unknown: [says(user, { role: 'tool', content: '' }, answer), says(user, { role: 'tool', tool_call_id: 'c1', content: '' }, { role: 'assistant', tool_calls: [call] })],
  tools_invalid: [{ ...chat, tools: {} }, { ...chat, tools: [1] }, { ...chat, tools: [{ ...tool, type: 'code' }] }, { ...chat, parallel_tool_calls: 'no' }, { ...chat, functions: null }],
  last_not_assistant: [says(user, { role: 'assistant', tool_calls: [call] }, { role: 'tool', tool_call_id: 'c1', content: '' })],
  nothing_to_learn: [{ ...completion, completion: '' }],
  completion_invalid: [{ completion: 'a' }, { prompt: ['a'], completion: 'b' }],
  preference_invalid: [{ ...preference, input: 'text' }],
};
const lineOf: Partial<Record<RowReason, number>> = { row_empty: 1 };

describe('a row that its purpose does not allow is told by line and reason', () => {
  for (const [reason, [purpose, file]] of Object.entries(examples)) {
    test(`${reason}: ${rowReasons[reason as RowReason]}`, () => {
      const line = lineOf[reason as RowReason] ?? Buffer.from(file).toString('latin1').trimEnd().split('\n').length;
      assert.deepEqual(found(file, purpose), { problems: [{ line, reason }], more: false });
    });
  }

  for (const [reason, values] of Object.entries(others)) {
    test(`${reason}, in ${values.length} other ways`, () => {
      for (const value of values) assert.deepEqual(found(rows(value), 'fine-tune'), { problems: [{ line: 1, reason }], more: false }, JSON.stringify(value));
    });
  }

  test('and what stood in the row is not', () => {
    fc.assert(fc.property(fc.constantFrom(...Object.values(examples).filter(([, file]) => file.length < 10_000)), fc.stringMatching(/^canary[a-z]{10}$/), ([purpose, file], canary) => {
      const check = new RowCheck(purpose);
      assert.throws(() => { check.write(Buffer.from(`{"${canary}":"${canary}\n`)); check.write(Buffer.from(file)); check.end(); }, (error: unknown) => {
        assert.ok(error instanceof GatewayError && error.code === 'file_rows_invalid');
        assert.ok(!`${JSON.stringify(errorBody(error))}${error.stack}`.includes(canary));
        return true;
      });
    }));
  });

  test('twenty times, and that there is more', () => {
    const wrong = (count: number): string => '{}\n[]\n'.repeat(count);
    assert.deepEqual(found(wrong(20), 'evals'), { problems: Array.from({ length: 20 }, (_, i) => ({ line: 2 * i + 2, reason: 'not_an_object' })), more: false });
    const { problems, more } = found(wrong(21), 'evals') as Extract<Found, { more: boolean }>;
    assert.deepEqual([problems.length, more], [mostRowProblems, true]);
    for (const problem of problems) RowProblem.parse(problem);
  });

  test('before the rest of the file has arrived, where nothing can change it any more', () => {
    assert.throws(() => new RowCheck('batch').write(Buffer.from('[]\n'.repeat(22))), RowsInvalid);
  });
});

describe('rows that are allowed', () => {
  const good: Record<string, [FilePurpose, unknown[]]> = {
    'chats with all that belongs to one': ['fine-tune', [
      chat,
      says({ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, { role: 'developer', content: '', name: 'dev' }, { ...user, name: 'Ann' }, { ...answer, weight: 0 }, user, { ...answer, weight: 1, refusal: null }),
      { ...says(user, { role: 'assistant', content: null, tool_calls: [call] }, { role: 'tool', tool_call_id: 'c1', content: '1' }, answer), tools: [tool], parallel_tool_calls: false },
      { ...says(user, { role: 'assistant', function_call: { name: 'find', arguments: '{}' } }, { role: 'function', name: 'find', content: '1' }, answer), functions: [{ name: 'find' }] },
      says(user, { role: 'assistant', refusal: 'No.' }), says(user, { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }), says(user, { role: 'assistant', tool_calls: [call] }),
    ]],
    completions: ['fine-tune', [completion, { prompt: '', completion: 'x' }]],
    preferences: ['fine-tune', [preference, { ...preference, input: { messages: [user, answer, user], tools: [tool], parallel_tool_calls: true } }]],
    'requests of a batch': ['batch', [request, { ...request, custom_id: 'b' }]],
    'any object, for evaluations': ['evals', [{}, { item: { a: [1, null, '\u{1f600}'] } }, { constructor: 1, toString: 2 }]],
  };
  for (const [name, [purpose, values]] of Object.entries(good)) test(name, () => assert.deepEqual(found(rows(...values), purpose), { rows: values.length }));

  test('end in a newline or not, in the way of either system, and empty lines at the end are none', () => {
    for (const end of ['', '\n', '\r\n', '\n\n', '\n \t\r\n\n']) assert.deepEqual(found(`{}\r\n{}${end}`, 'evals'), { rows: 2 });
  });

  test('are as long and as deep as is said', () => {
    assert.deepEqual(found(`{"a":"${'x'.repeat(mostRowBytes - 8)}"}\n${nested(deepestRow)}`, 'evals', [1000]), { rows: 2 });
  });

  test('are not looked for where the purpose has none', () => {
    for (const purpose of ['user_data', 'assistants'] as const) for (const known of [true, false]) assert.deepEqual(found('\n\nno rows', purpose, [], known), { rows: null });
  });
});

describe('the answer depends on the file alone', () => {
  const anyRow = fc.oneof(
    fc.constantFrom(...Object.values(examples).map(([, file]) => file).filter((file) => file.length < 1000).map((file) => Buffer.from(file))),
    fc.constantFrom(chat, completion, preference, request, {}).map((row) => Buffer.from(JSON.stringify(row))), fc.json().map((text) => Buffer.from(text)), fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  );
  const anyFile = fc.tuple(fc.array(anyRow, { maxLength: 30 }), fc.constantFrom('\n', '\r\n')).map(([lines, end]) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from(end)])));
  const anyPurpose = fc.constantFrom<FilePurpose>('fine-tune', 'batch', 'evals', 'user_data');

  test('and not on how it is cut into chunks, or on when the purpose is told', () => {
    fc.assert(fc.property(anyFile, anyPurpose, fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 }), (file, purpose, sizes) => {
      const whole = found(file, purpose);
      assert.deepEqual(found(file, purpose, sizes), whole);
      assert.deepEqual(found(file, purpose, sizes, false), whole);
      assert.deepEqual(found(file, purpose, Array.from(file, () => 1)), whole);
    }));
  });

  test('not on chunks where a row is too long, either', () => {
    const file = rows({}, { a: 'x'.repeat(3 * mostRowBytes) }, {}, { a: 'y'.repeat(mostRowBytes) });
    for (const size of [1000, 2 ** 16, mostRowBytes, 2 ** 24]) {
      assert.deepEqual(found(file, 'evals', Array.from({ length: Math.ceil(file.length / size) }, () => size)), { problems: [{ line: 2, reason: 'row_too_long' }, { line: 4, reason: 'row_too_long' }], more: false });
    }
  });

  test('whatever is in it: nothing but this refusal comes out', () => {
    const everyGood = Buffer.from(rows(chat, says(user, { role: 'assistant', tool_calls: [call] }), { ...chat, tools: [tool] }));
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(everyGood.length), fc.nat(6), fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constantFrom('{}', '[]', 'null', '1', '"', '\\', '\n').map((text) => Buffer.from(text)))), { minLength: 1, maxLength: 5 }), anyPurpose, (edits, purpose) => {
      let file = everyGood;
      for (const [at, cut, put] of edits) file = Buffer.concat([file.subarray(0, at), put, file.subarray(at + cut)]);
      found(file, purpose);
    }), { numRuns: 1000 });
  });

  test('and whatever value stands in whatever place of a row', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom([], {}, [[]], [null], [{}], '', 0, null, true));
    const places = [chat, preference, { ...says(user, { role: 'assistant', tool_calls: [call] }), tools: [tool], functions: [tool.function] }, completion, request]
      .flatMap((row) => placesOf(row).map((place) => [row, place] as const));
    fc.assert(fc.property(fc.constantFrom(...places), anything, ([row, place], value) => { for (const purpose of ['fine-tune', 'batch'] as const) found(rows(put(row, place, value)), purpose); }), { numRuns: 2000 });
  });
});

type Place = readonly (string | number)[];
const placesOf = (value: unknown, at: Place = []): Place[] => typeof value === 'object' && value !== null
  ? [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))] : [at];
function put(row: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = structuredClone(row) as Record<string, unknown>;
  copy[key] = put(copy[key], rest, value);
  return copy;
}
