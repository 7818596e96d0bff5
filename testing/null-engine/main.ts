/**
 * An OpenAI-compatible server without a model: for tests of what is sent on and of every way of failing, and for benchmarks of what stands in front of it.
 *
 *   node main.ts --port N [--tokens N] [--interval-ms X]
 *
 * Faults by the name of the model:
 * - before the first byte: null-400, null-401, null-429, null-500, null-context (too long a prompt), null-hang, null-slow (a second), null-garbage;
 * - in the middle of a stream: null-cut (breaks off), null-error (an error frame), null-stall (nothing more comes);
 * - at its end: null-nodone, null-nousage, null-badusage (a count below zero).
 *
 * GET /__seen: what it received, in memory only, and whether the sender left before the answer's end.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chat, done, embeddings, errorFrame, text, usageFrame, usageOf, whole } from './prepared.ts';
import type { Prepared } from './prepared.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, tokens: { type: 'string', default: '16' }, 'interval-ms': { type: 'string', default: '0' } } });
const most = Number(values.tokens);
const interval = Number(values['interval-ms']);

interface Request { model?: string; stream?: boolean; max_tokens?: number; max_completion_tokens?: number; input?: unknown; stream_options?: { include_usage?: boolean } }
interface Seen { path: string; headers: IncomingMessage['headers']; body: string; aborted: boolean }
const seen: Seen[] = [];
const mostSeen = 1000;

const json = (response: ServerResponse, status: number, body: object): void => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
const refusals: Record<string, { status: number; error: object }> = {
  'null-400': { status: 400, error: { message: 'a message that quotes its input', type: 'invalid_request_error', code: 'bad' } },
  'null-401': { status: 401, error: { message: 'a message that quotes its credential' } },
  'null-429': { status: 429, error: { message: 'a message that quotes its input' } },
  'null-500': { status: 500, error: { message: 'a message that quotes its input' } },
  'null-context': { status: 400, error: { message: 'This model\'s maximum context length is 16 tokens.', type: 'BadRequestError', code: 400 } },
};

/** Resolves when the receiver takes more, or has left: an answer is never kept whole for one that reads slowly. */
async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => { response.off('drain', done).off('close', done); resolve(); };
    response.on('drain', done).on('close', done);
  });
}

/** @returns false where the stream was ended on purpose. */
async function words(response: ServerResponse, { words: frames }: Prepared, count: number, model: string | undefined): Promise<boolean> {
  const start = performance.now();
  const faulty = model === 'null-cut' || model === 'null-error' || model === 'null-stall';
  for (let i = 0; i < count && !response.destroyed; i++) {
    if (!response.write(frames[i % frames.length])) await drained(response);
    // Against the clock rather than one pause after another, so that the pace does not depend on the load.
    const wait = interval > 0 ? start + (i + 1) * interval - performance.now() : 0;
    if (wait > 0) await sleep(wait);
    if (!faulty || i < count / 2) continue;
    // What was written is to arrive first.
    await sleep(20);
    if (model === 'null-cut') response.destroy();
    if (model === 'null-error') response.end(errorFrame);
    return false;
  }
  return true;
}

async function stream(request: Request, response: ServerResponse, prepared: Prepared, count: number): Promise<void> {
  const { model } = request;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (prepared.opening) response.write(prepared.opening);
  if (!await words(response, prepared, count, model)) return;
  response.write(prepared.last);
  const usage = { ...usageOf(count), ...(model === 'null-badusage' ? { completion_tokens: -1 } : {}) };
  if (request.stream_options?.include_usage && model !== 'null-nousage') response.write(usageFrame(usage));
  if (model === 'null-nodone') response.end(); else response.end(done);
}

async function answer(path: string, request: Request, response: ServerResponse): Promise<void> {
  const { model = '' } = request;
  const count = Math.min(most, request.max_completion_tokens ?? request.max_tokens ?? most);
  const refusal = refusals[model];
  if (refusal) { json(response, refusal.status, { error: refusal.error }); return; }
  if (model === 'null-hang') return;
  if (model === 'null-slow') await sleep(1000);
  if (model === 'null-garbage') {
    response.writeHead(200, { 'content-type': request.stream ? 'text/event-stream' : 'application/json' }).end(request.stream ? 'data: {"choices": [\n\ndata: [DONE]\n\n' : '<html>');
    return;
  }
  const isChat = path.endsWith('/chat/completions');
  if (path.endsWith('/embeddings')) json(response, 200, embeddings(Array.isArray(request.input) ? request.input.length : 1));
  else if (request.stream) await stream(request, response, isChat ? chat : text, count);
  else {
    if (interval > 0) await sleep(interval * count);
    json(response, 200, whole(isChat, count, { ...usageOf(count), ...(model === 'null-badusage' ? { completion_tokens: -1 } : {}) }));
  }
}

function note(path: string, { headers }: IncomingMessage, body: string, response: ServerResponse): void {
  if (seen.length >= mostSeen) return;
  const entry: Seen = { path, headers, body, aborted: false };
  seen.push(entry);
  response.once('close', () => { entry.aborted = !response.writableEnded; });
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
    note(path, request, body, response);
    answer(path, JSON.parse(body) as Request, response).catch(() => response.destroy());
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(values.port), '127.0.0.1');
