import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { samplesOf } from './samples.ts';
import type { Endpoint } from './samples.ts';

const chat: Endpoint = { name: 'demo', baseUrl: 'https://models.example.org/v1', task: 'chat-completion' };
const key = `mk-ek-${'a'.repeat(43)}`;

describe('samples', () => {
  test('name the endpoint and the deployment, and the key only where it is known', () => {
    for (const task of ['chat-completion', 'text-generation', 'embeddings'] as const) {
      for (const { id, code } of samplesOf({ ...chat, task })) {
        assert.ok(code.includes('https://models.example.org') && code.includes('demo') && code.includes('KEY'), id);
        assert.doesNotMatch(code, /mk-ek-/);
      }
      for (const { id, code } of samplesOf({ ...chat, task }, key)) assert.ok(code.includes(key) && !/\bKEY\b/.test(code), id);
    }
  });
  test('are of six kinds, and of five where a client cannot do the task', () => {
    assert.deepEqual(samplesOf(chat).map(({ id }) => id), ['curl', 'openai-js', 'openai-python', 'azure-openai', 'azure-inference', 'langchain']);
    assert.ok(samplesOf({ ...chat, task: 'text-generation' }).every(({ id }) => id !== 'azure-inference'));
  });
  test('ask for an insecure connection only where the endpoint has no TLS', () => {
    const azure = (baseUrl: string): string => samplesOf({ ...chat, baseUrl }).find(({ id }) => id === 'azure-inference')?.code ?? '';
    assert.doesNotMatch(azure(chat.baseUrl), /allowInsecureConnection/);
    assert.match(azure('http://127.0.0.1:8420/v1'), /allowInsecureConnection/);
  });
});
