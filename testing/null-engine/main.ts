/**
 * An OpenAI-compatible server without a model: for tests of what is sent on and of every way of failing, and for benchmarks of what stands in front of it.
 *
 *   node main.ts --port N [--tokens N] [--interval-ms X]
 *
 * Faults by the name of the model: null-400, null-500, null-cut (breaks off in the middle), null-garbage, null-hang, null-slow (a second before the first byte).
 * GET /__seen: what it received, in memory only.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, tokens: { type: 'string', default: '16' }, 'interval-ms': { type: 'string', default: '0' } } });
const most = Number(values.tokens);
const interval = Number(values['interval-ms']);

interface Request { model?: string; stream?: boolean; max_tokens?: number; max_completion_tokens?: number; input?: unknown; stream_options?: { include_usage?: boolean } }
const seen: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];
const head = { id: 'null-1', created: 1_700_000_000, model: 'null' };
const frame = (value: object | string): Buffer => Buffer.from(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`);
const chunk = (delta: object, finish: string | null): Buffer => frame({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });

// Made once: the engine should cost next to nothing beside what is measured.
const first = chunk({ role: 'assistant', content: '' }, null);
const words = Array.from({ length: 32 }, (_, i) => chunk({ content: ` word${i}` }, null));
const texts = Array.from({ length: 32 }, (_, i) => frame({ ...head, object: 'text_completion', choices: [{ index: 0, text: ` word${i}`, finish_reason: null, logprobs: null }] }));
const last = chunk({}, 'stop');
const lastText = frame({ ...head, object: 'text_completion', choices: [{ index: 0, text: '', finish_reason: 'stop', logprobs: null }] });
const done = frame('[DONE]');

const usageOf = (output: number): object => ({ prompt_tokens: 7, completion_tokens: output, total_tokens: 7 + output });
const json = (response: ServerResponse, status: number, body: object): void => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };

async function stream(request: Request, response: ServerResponse, count: number, chat: boolean): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (chat) response.write(first);
  const frames = chat ? words : texts;
  if (interval === 0) {
    for (let i = 0; i < count && !response.destroyed; i++) response.write(frames[i % 32] ?? last);
  } else {
    const start = performance.now();
    for (let i = 0; i < count && !response.destroyed; i++) {
      response.write(frames[i % 32] ?? last);
      // Against the clock rather than one pause after another, so that the pace does not depend on the load.
      const wait = start + (i + 1) * interval - performance.now();
      if (wait > 0) await sleep(wait);
      if (request.model === 'null-cut' && i >= count / 2) { response.destroy(); return; }
    }
  }
  response.write(chat ? last : lastText);
  if (request.stream_options?.include_usage) response.write(frame({ ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(count) }));
  response.end(done);
}

async function answer(path: string, request: Request, response: ServerResponse): Promise<void> {
  const count = Math.min(most, request.max_completion_tokens ?? request.max_tokens ?? most);
  const chat = path.endsWith('/chat/completions');
  switch (request.model) {
    case 'null-400': json(response, 400, { error: { message: 'a message that quotes its input', type: 'invalid_request_error', code: 'bad' } }); return;
    case 'null-500': json(response, 500, { error: { message: 'a message that quotes its input' } }); return;
    case 'null-garbage': response.writeHead(200, { 'content-type': request.stream ? 'text/event-stream' : 'application/json' }).end(request.stream ? 'data: {"choices": [\n\ndata: [DONE]\n\n' : '<html>'); return;
    case 'null-hang': return;
    case 'null-slow': await sleep(1000); break;
    default:
  }
  if (path.endsWith('/embeddings')) {
    const inputs = Array.isArray(request.input) ? request.input : [request.input];
    json(response, 200, { object: 'list', model: 'null', data: inputs.map((_, index) => ({ object: 'embedding', index, embedding: [1, 0, 0, 0] })), usage: { prompt_tokens: inputs.length, total_tokens: inputs.length } });
  } else if (request.stream) await stream(request, response, count, chat);
  else {
    if (interval > 0) await sleep(interval * count);
    const text = Array.from({ length: count }, (_, i) => ` word${i % 32}`).join('');
    json(response, 200, { ...head, object: chat ? 'chat.completion' : 'text_completion', choices: [{ index: 0, finish_reason: 'stop', logprobs: null, ...(chat ? { message: { role: 'assistant', content: text } } : { text }) }], usage: usageOf(count) });
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  response.on('error', () => undefined);
  request.on('data', (piece: Buffer) => chunks.push(piece));
  request.on('end', () => {
    const path = request.url ?? '/';
    if (path === '/__seen') { json(response, 200, seen); return; }
    if (path.endsWith('/models')) { json(response, 200, { object: 'list', data: [{ id: 'null', object: 'model', created: 0, owned_by: 'null' }] }); return; }
    const body = Buffer.concat(chunks).toString('utf8');
    if (seen.length < 1000) seen.push({ path, headers: request.headers, body });
    answer(path, JSON.parse(body) as Request, response).catch(() => response.destroy());
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(values.port), '127.0.0.1');
