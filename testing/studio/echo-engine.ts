/** An engine that says what it is asked, so that a test decides what a page is answered; a question with the word "slowly" in it takes its time. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Asked { messages?: { role: string; content: string }[]; stream?: boolean; input?: string[] }
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

export class EchoEngine {
  url = '';
  /** Every request's body, in order. */
  readonly asked: Asked[] = [];
  readonly #server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      response.on('error', () => undefined);
      request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
        if (request.method !== 'POST') { response.setHeader('content-type', 'application/json').end('{"object":"list","data":[{"id":"echo","object":"model","created":0,"owned_by":"echo"}]}'); return; }
        const asked = JSON.parse(Buffer.concat(pieces).toString()) as Asked;
        this.asked.push(asked);
        void answer(asked, response);
      });
    });
  }

  static async start(): Promise<EchoEngine> {
    const engine = new EchoEngine();
    await new Promise<void>((resolve) => engine.#server.listen(0, '127.0.0.1', resolve));
    engine.url = `http://127.0.0.1:${(engine.#server.address() as AddressInfo).port}/v1`;
    return engine;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function answer({ messages, stream, input }: Asked, response: ServerResponse): Promise<void> {
  const json = (body: object): void => { response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
  if (input) { json({ object: 'list', model: 'echo', data: input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })), usage: { prompt_tokens: input.length, total_tokens: input.length } }); return; }
  const said = messages?.at(-1)?.content ?? '';
  const head = { id: 'echo-1', created: 1_700_000_000, model: 'echo' };
  if (!stream) { json({ ...head, object: 'chat.completion', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: said } }], usage }); return; }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const frame = (value: object): boolean => response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...value })}\n\n`);
  for (const piece of said.match(/.{1,12}/gsu) ?? []) {
    frame({ choices: [{ index: 0, delta: { content: piece }, finish_reason: null }] });
    if (said.includes('slowly')) await sleep(150);
    if (response.destroyed) return;
  }
  frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  frame({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

/** Texts with the same letters are the same; without a letter in common they have nothing in common. */
const vectorOf = (text: string): number[] => Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => text.toLowerCase().split(letter).length - 1);
