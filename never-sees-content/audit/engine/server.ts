/**
 * The audit's own external engine: a declared destination that shows what is sent to one. It answers, refuses with a text that quotes its input, or breaks off,
 * by the name of the model that it is asked for.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { streamOf, wholeAnswer } from './answers.ts';

export const manners = ['answers', 'refuses', 'breaks-off'] as const;
export type Manner = (typeof manners)[number];
export interface Received { path: string; headers: IncomingMessage['headers']; body: string }
/** Gives the canary that stands for the model's words in an answer. */
export type Words = (path: string, stream: boolean, manner: Manner) => string;
interface Asked { model?: string; stream?: boolean; max_tokens?: number; input?: unknown }

export class AuditEngine {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #words: Words;

  private constructor(words: Words) {
    this.#words = words;
    this.#server = createServer((request, response) => { this.#serve(request, response).catch(() => response.destroy()); });
  }

  static async start(words: Words): Promise<AuditEngine> {
    const engine = new AuditEngine(words);
    await new Promise<void>((resolve) => { engine.#server.listen(0, '127.0.0.1', resolve); });
    return engine;
  }

  get port(): number { return (this.#server.address() as AddressInfo).port; }
  get url(): string { return `http://127.0.0.1:${this.port}/v1`; }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, body: object): void => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const path = request.url ?? '/';
    const body = Buffer.concat(chunks).toString();
    this.received.push({ path, headers: request.headers, body });
    if (request.method === 'GET') { json(200, { object: 'list', data: [] }); return; }
    const asked = JSON.parse(body) as Asked;
    const manner = manners.find((each) => each === asked.model) ?? 'answers';
    const words = path.endsWith('/embeddings') ? '' : this.#words(path, asked.stream === true, manner);
    if (manner === 'refuses') { json(400, { error: { message: `refused: ${words} ${body}`, type: 'invalid_request_error', code: 'bad' } }); return; }
    if (asked.stream === true) { await stream(response, path, words, manner, asked.max_tokens ?? 4); return; }
    const answer = wholeAnswer(path, words, Array.isArray(asked.input) ? asked.input.length : 1);
    if (manner === 'breaks-off') { response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' }).write(JSON.stringify(answer)); await sleep(20); response.destroy(); return; }
    json(answer ? 200 : 404, answer ?? { error: { message: 'unknown path' } });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}

/** A long answer is a slow one, so that a caller who leaves does so in the middle of it. */
async function stream(response: ServerResponse, path: string, words: string, manner: Manner, length: number): Promise<void> {
  const spoken = streamOf(path);
  if (!spoken) { response.writeHead(404).end(); return; }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(spoken.opening);
  for (let i = 0; i < Math.min(length, 100) && !response.destroyed; i++) {
    response.write(spoken.word(i === 0 ? words : ' audit'));
    if (manner === 'breaks-off') { await sleep(20); response.destroy(); return; }
    if (length > 10) await sleep(20);
  }
  response.end(spoken.end);
}
