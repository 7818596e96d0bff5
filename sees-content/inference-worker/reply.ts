/** Writes an answer on a stream of the socket: one document, or server-sent events. */
import type { ServerHttp2Stream } from 'node:http2';
import { errorCodes } from '#contract/error-codes.ts';
import { Refusal } from './refusal.ts';

/** Most bytes kept for a reader that does not read: more than any answer of sensible length; beyond it the request ends. */
const backlogLimit = 4 << 20;

export class Reply {
  readonly #stream: ServerHttp2Stream;
  #streaming = false;
  constructor(stream: ServerHttp2Stream) { this.#stream = stream; }

  document(body: object, status = 200): void {
    if (this.#stream.destroyed || this.#stream.headersSent) return;
    this.#stream.respond({ ':status': status, 'content-type': 'application/json' });
    this.#stream.end(JSON.stringify(body));
  }

  event(data: object | '[DONE]'): void {
    if (this.#stream.destroyed) return;
    if (!this.#streaming) {
      this.#streaming = true;
      this.#stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    }
    if (this.#stream.writableLength > backlogLimit) { this.#stream.destroy(); return; }
    this.#stream.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }

  end(): void { if (!this.#stream.destroyed) this.#stream.end(); }

  /** A refusal by its code; anything else as `engine_failed`. Nothing of the request or of a foreign message is in it. */
  error(error: unknown): void {
    const { code, param } = error instanceof Refusal ? error : { code: 'engine_failed' as const, param: null };
    if (!this.#streaming) { this.document({ error: { code, param } }, errorCodes[code].status); return; }
    this.event({ error: { code, param } });
    this.end();
  }
}
