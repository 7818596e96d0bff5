/** Control's side of sealed objects, as the gateway asks it: names and orders as JSON, sealed bytes as streams on connections of their own. */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Pool } from 'undici';
import type { z } from 'zod';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { Upload } from '#contract/http/uploads.ts';
import { sockets } from '#contract/installation.ts';
import { AbandonObject, AssembleUpload, BeginObject, CommitObject, OpenObject, PartOrder, StoredObject } from '#contract/internal/objects.ts';
import type { AttemptResult } from '#contract/internal/objects.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { ControlClient } from '../control-client.ts';
import { GatewayError } from '../gateway-error.ts';

export class ControlObjects {
  readonly #control: ControlClient;
  readonly #streams: Pool;

  constructor(control: ControlClient, runFolder: string) {
    this.#control = control;
    this.#streams = new Pool('http://control', { socketPath: join(runFolder, sockets.control), connections: 2048, pipelining: 1, headersTimeout: 0, bodyTimeout: 60_000, keepAliveTimeout: 3000 });
  }

  async begin(asked: z.input<typeof BeginObject.request>): Promise<z.output<typeof BeginObject.response>> { return BeginObject.response.parse(await this.#control.ask('/internal/objects', asked)); }
  async commit(asked: z.input<typeof CommitObject.request>): Promise<z.output<typeof CommitObject.response>> { return CommitObject.response.parse(await this.#control.ask('/internal/objects/commit', asked)); }
  async open(asked: z.input<typeof OpenObject.request>): Promise<z.output<typeof OpenObject.response>> { return OpenObject.response.parse(await this.#control.ask('/internal/objects/open', asked)); }
  async assemble(asked: z.input<typeof AssembleUpload.request>): Promise<z.output<typeof AssembleUpload.response>> { return AssembleUpload.response.parse(await this.#control.ask('/internal/uploads/assemble', asked)); }
  async partOrder(asked: z.input<typeof PartOrder.request>): Promise<SignedOrder> { return PartOrder.response.parse(await this.#control.ask('/internal/uploads/part-order', asked)).order; }
  async showUpload(principal: Principal, upload: string): Promise<Upload> { return Upload.parse(await this.#control.ask('/internal/uploads/show', { principal, upload })); }
  async answerAttempt(result: z.input<typeof AttemptResult>): Promise<void> { await this.#control.ask('/internal/deletion-attempts', result); }

  /** What control answers to anything else. @throws GatewayError */
  async ask(path: string, body: object): Promise<unknown> { return await this.#control.ask(path, body); }

  /** Where this does not reach control, it sweeps by itself after a minute. */
  async abandon(object: string): Promise<void> { AbandonObject.response.parse(await this.#control.ask('/internal/objects/abandon', { object })); }

  /** Resolves when the bytes are on the disk. @throws what `sealed` throws; GatewayError */
  async store(object: string, sealed: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
    let failure: Error | undefined;
    const source = async function* (): AsyncGenerator<Buffer> { try { yield* sealed; } catch (error) { failure = error as Error; throw error; } };
    try {
      const answer = await this.#streams.request({ path: `/internal/objects/${object}`, method: 'PUT', body: Readable.from(source(), { objectMode: false, highWaterMark: 1 << 20 }), signal });
      const body: unknown = await answer.body.json();
      if (answer.statusCode !== 200) throw new GatewayError(codeIn(body));
      StoredObject.parse(body);
    } catch (error) {
      signal.throwIfAborted();
      if (failure !== undefined) throw failure;
      throw error instanceof GatewayError ? error : new GatewayError('control_unavailable');
    }
  }

  /** @throws GatewayError */
  async read(object: string, signal: AbortSignal, range?: { offset: number; length: number }): Promise<AsyncIterable<Buffer>> {
    const query = range ? `?offset=${range.offset}&length=${range.length}` : '';
    const answer = await this.#streams.request({ path: `/internal/objects/${object}${query}`, method: 'GET', signal }).catch(() => { signal.throwIfAborted(); throw new GatewayError('control_unavailable'); });
    if (answer.statusCode === 200) return answer.body as AsyncIterable<Buffer>;
    throw new GatewayError(codeIn(await answer.body.json().catch(() => undefined)));
  }

  /** A stream of JSON lines, until control ends it. */
  async attempts(recipient: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const answer = await this.#streams.request({ path: `/internal/deletion-attempts?recipient=${encodeURIComponent(recipient)}`, method: 'GET', bodyTimeout: 15_000, signal });
    return answer.body as AsyncIterable<Buffer>;
  }

  async close(): Promise<void> { await this.#streams.destroy(); }
}

function codeIn(body: unknown): ErrorCode {
  const code = (body as { error?: { code?: string } } | undefined)?.error?.code ?? '';
  return Object.hasOwn(errorCodes, code) ? code as ErrorCode : 'control_unavailable';
}
