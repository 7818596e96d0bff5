import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults, problems, requestOf } from './parameters.ts';

const turns = [{ role: 'user' as const, content: 'Hello' }];

test('what is not set is left out, so that the deployment decides', () => {
  assert.deepEqual(requestOf('demo', { ...defaults, maxTokens: '', stream: false }, turns), { model: 'demo', messages: turns });
});

test('what is set is sent as the API takes it', () => {
  const request = requestOf('demo', { ...defaults, system: 'Be brief.', temperature: '0', topP: '0.5', seed: '7', stop: 'a\nb', format: 'json_schema', schema: '{"type":"object"}' }, turns);
  assert.deepEqual(request, {
    model: 'demo', messages: [{ role: 'system', content: 'Be brief.' }, ...turns], temperature: 0, top_p: 0.5, max_tokens: 512, seed: 7, stop: ['a', 'b'], stream: true,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' }, strict: true } },
  });
});

test('what cannot be sent is named by its field', () => {
  assert.deepEqual(Object.keys(problems({ ...defaults, temperature: '3', topP: '0', maxTokens: '1.5', seed: 'x', format: 'json_schema', schema: '{' })).sort(), ['maxTokens', 'schema', 'seed', 'temperature', 'topP']);
  assert.deepEqual(problems(defaults), {});
});
