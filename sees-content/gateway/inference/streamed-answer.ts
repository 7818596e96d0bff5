/** A streamed answer: frames pass as bytes; the last ones wait for the meter; a slow reader slows its own stream only. */
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { errorBody, GatewayError, publicError } from '../gateway-error.ts';
import type { Frame } from './frames.ts';
import { readFrames, stalledClientMs } from './read-frames.ts';
import { readTokens } from './tokens.ts';
import type { Tokens } from './tokens.ts';
import { upstreamRefusal } from './upstream-refusal.ts';

export interface StreamOptions {
  /** Whether the engine is our own worker, whose codes are the contract's. */
  trusted: boolean;
  /** Whether the client asked for the usage frame. */
  includeUsage: boolean;
  headers: Record<string, string>;
  /** Aborted when the client leaves. */
  signal: AbortSignal;
  /** Frames at the beginning that hold no token. */
  openingFrames: 0 | 1;
  /** Told of every byte that goes to the client. */
  passed(bytes: Buffer | string): void;
  /** Resolves once the usage is committed, with what is sent after the end. `last`: the bytes of the end. */
  commit(tokens: Tokens, last: string): Promise<string>;
}
/** `tokens` of an answer that is not complete: the frames that were passed on, which is the least that was made. */
export interface StreamOutcome { outcome: 'complete' | 'failed' | 'aborted'; tokens: Tokens; error: GatewayError | null }

/** @throws GatewayError before the first byte, where an error still has a status. After it, an error is a frame. */
export async function streamAnswer(body: Readable, response: ServerResponse, options: StreamOptions): Promise<StreamOutcome> {
  const stream = new PassedStream(response, options);
  try {
    await readFrames(body, response, options.signal, (frame) => stream.take(frame));
    if (!stream.measured) throw new GatewayError('engine_failed');
    const last = stream.last;
    stream.end(last, await options.commit(stream.measured, last));
    return { outcome: 'complete', tokens: stream.measured, error: null };
  } catch (thrown) {
    const error = publicError(thrown);
    const left = options.signal.aborted;
    if (left || error.code === 'client_too_slow') {
      response.destroy();
      return { outcome: 'aborted', tokens: stream.tokens, error: left ? null : error };
    }
    if (!stream.opened) throw error;
    stream.endWith(error);
    return { outcome: 'failed', tokens: stream.tokens, error };
  } finally { body.destroy(); }
}

/** What has passed to the client, and what is held back. */
class PassedStream {
  opened = false;
  measured: Tokens | undefined;
  #frames = 0;
  #usageFrame = '';
  readonly #response: ServerResponse;
  readonly #options: StreamOptions;

  constructor(response: ServerResponse, options: StreamOptions) {
    this.#response = response;
    this.#options = options;
  }

  get tokens(): Tokens { return this.measured ?? { prompt: 0, cached: 0, output: Math.max(0, this.#frames - this.#options.openingFrames) }; }

  #write(bytes: Buffer | string): void {
    if (!this.opened) this.#response.writeHead(200, this.#options.headers);
    this.opened = true;
    this.#options.passed(bytes);
    this.#response.write(bytes);
  }

  take(frame: Exclude<Frame, { kind: 'done' }>): void {
    switch (frame.kind) {
      case 'data':
        this.#frames += frame.frames;
        this.#write(frame.bytes);
        return;
      case 'usage': this.#takeUsage(frame.text, frame.bytes); return;
      case 'error': throw upstreamRefusal(500, frame.text, this.#options.trusted);
      case 'malformed': throw new GatewayError('engine_failed');
    }
  }

  #takeUsage(text: string, bytes: Buffer): void {
    let value: { usage?: unknown; choices?: unknown };
    try { value = JSON.parse(text) as typeof value; } catch { throw new GatewayError('engine_failed'); }
    this.measured = readTokens(value.usage);
    // Some servers say the usage along with the last words, which must not be held back.
    if (Array.isArray(value.choices) && value.choices.length > 0) this.#write(bytes);
    else if (this.#options.includeUsage) this.#usageFrame = bytes.toString();
  }

  /** The frames that were held back, and the end. */
  get last(): string { return `${this.#usageFrame}data: [DONE]\n\n`; }

  end(last: string, after: string): void {
    this.#write(last);
    if (after !== '') this.#response.write(after);
    this.#finish();
  }

  endWith(error: GatewayError): void {
    this.#write(`data: ${JSON.stringify(errorBody(error))}\n\n`);
    this.#finish();
  }

  /** What has been given to a connection must not stay in memory for a client that does not take it. */
  #finish(): void {
    this.#response.end();
    this.#response.setTimeout(stalledClientMs, () => this.#response.destroy());
  }
}
