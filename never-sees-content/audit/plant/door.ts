/** Sends requests to the installation: through its public address, as a customer does, and through the local door, as its user. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Sent } from '../matrix/send.ts';

/** `status`: null where the connection was ended before an answer came. */
export interface Answer { status: number | null; headers: string; body: Buffer }

/** Longest wait for an answer, in milliseconds. */
const patience = 60_000;

export class Door {
  readonly #origin: string;
  readonly #agent: Agent;

  private constructor(origin: string, agent: Agent) {
    this.#origin = origin;
    this.#agent = agent;
  }

  static local(socketPath: string): Door { return new Door('http://modelkeep', new Agent({ connect: { socketPath } })); }
  /** `authority`: PEM of the only one that is trusted; undefined with a certificate of the operator's, whose name is not that of the loopback address. */
  static public(origin: string, authority: string | undefined): Door {
    return new Door(origin, new Agent({ connect: authority === undefined ? { rejectUnauthorized: false } : { ca: authority } }));
  }

  /** Never throws: a connection that breaks is an answer without a status. */
  async send(sent: Sent, authorization: Record<string, string>): Promise<Answer> {
    const headers = { ...authorization, ...sent.headers, ...(sent.cut ? { 'content-length': String(sent.declared ?? Buffer.byteLength(sent.body ?? '') + 500) } : {}) };
    const chunks: Buffer[] = [];
    let answer: Dispatcher.ResponseData | undefined;
    try {
      answer = await request(`${this.#origin}${sent.path}`, {
        method: sent.method, dispatcher: this.#agent, headers, body: sent.cut ? Readable.from(cutOff(sent.body ?? '')) : sent.body ?? null, signal: AbortSignal.timeout(patience),
      });
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        if (sent.abort) { answer.body.destroy(); break; }
      }
    } catch { /* cut on purpose, or by the other side */ }
    return { status: answer?.statusCode ?? null, headers: JSON.stringify(answer?.headers ?? {}), body: Buffer.concat(chunks) };
  }

  async close(): Promise<void> { await this.#agent.destroy(); }
}

async function* cutOff(body: string): AsyncGenerator<Buffer> {
  yield Buffer.from(body);
  await sleep(50);
  throw new Error('cut');
}
