import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../gateway-error.ts';
import type { InferenceRequest } from './parse-request.ts';
import { readTokens } from './tokens.ts';
import { upstreamRefusal } from './upstream-refusal.ts';
import { wholeAnswer } from './whole-answer.ts';

const failed = (error: unknown): boolean => error instanceof GatewayError && error.code === 'engine_failed';
const chat: InferenceRequest = { operation: 'createChatCompletion', body: { messages: [{ role: 'user', content: 'x' }] } };
const requestId = `req_${'0'.repeat(26)}`;
/** As vLLM writes it: null for what it does not know, and fields of its own. */
const answer = {
  id: 'chatcmpl-theirs', object: 'chat.completion', created: 1_700_000_000, model: '/models/path-on-their-disk', system_fingerprint: null, kv_transfer_params: null, prompt_logprobs: null,
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello', refusal: null, annotations: null, tool_calls: [], reasoning: null }, logprobs: null, finish_reason: 'stop', stop_reason: null, token_ids: null }],
  usage: { prompt_tokens: 3, total_tokens: 5, completion_tokens: 2, prompt_tokens_details: null },
};

describe('an answer in one piece', () => {
  test('has the deployment\'s name and the request\'s id, and nothing that the contract does not know', () => {
    const { body, tokens } = wholeAnswer(chat, JSON.stringify(answer), 'quick', requestId);
    assert.deepEqual(JSON.parse(body), {
      id: `chatcmpl-${'0'.repeat(26)}`, object: 'chat.completion', created: 1_700_000_000, model: 'quick',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hello', refusal: null, tool_calls: [] }, finish_reason: 'stop', logprobs: null }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, prompt_tokens_details: { cached_tokens: 0 } },
    });
    assert.deepEqual(tokens, { prompt: 3, output: 2, cached: 0 });
  });

  test('that does not keep to the protocol is not passed on', () => {
    for (const text of ['<html>', 'null', '[]', '{}', JSON.stringify({ ...answer, choices: null }), JSON.stringify({ ...answer, choices: [] }), JSON.stringify({ ...answer, usage: undefined })]) {
      assert.throws(() => wholeAnswer(chat, text, 'quick', requestId), failed, text);
    }
  });
});

test('counts that no answer can have are not believed', () => {
  assert.deepEqual(readTokens({ prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } }), { prompt: 3, output: 2, cached: 1 });
  for (const usage of [null, 7, {}, { prompt_tokens: -1, completion_tokens: 0 }, { prompt_tokens: 1.5, completion_tokens: 0 }, { prompt_tokens: 1, completion_tokens: 1e300 }, { prompt_tokens: '1', completion_tokens: 1 }, { prompt_tokens: 1, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 2 } }]) {
    assert.throws(() => readTokens(usage), failed, JSON.stringify(usage));
  }
});

test('an engine\'s refusal is told by a code of the contract, whatever it says', () => {
  const code = (status: number, body: unknown, trusted = false): string => upstreamRefusal(status, typeof body === 'string' ? body : JSON.stringify(body), trusted).code;
  assert.equal(code(400, { error: { type: 'exceed_context_size_error', message: 'x' } }), 'context_length_exceeded');
  assert.equal(code(400, { error: { message: 'This model\'s maximum context length is 4096 tokens.', code: 400 } }), 'context_length_exceeded');
  assert.equal(code(400, { error: { code: 'invalid_api_key' } }), 'engine_refused');
  assert.equal(code(400, { error: { code: 'context_length_exceeded' } }, true), 'context_length_exceeded');
  for (const [status, expected] of [[401, 'engine_failed'], [403, 'engine_failed'], [404, 'engine_failed'], [422, 'engine_refused'], [429, 'queue_full'], [500, 'engine_failed'], [503, 'deployment_not_ready'], [302, 'engine_failed']] as const) {
    for (const body of ['<html>', 'null', '{"error":"text"}', '{"error":null}', '']) assert.equal(code(status, body), expected);
  }
});
