/** The bytes of a multipart body as headers and contents, taken from the connection only while somebody waits for them. Strict: no preamble, no epilogue, nothing between the parts. */
import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../gateway-error.ts';

/** A client that sends less than this in so much time of waiting for it has left, however often it sends a byte. */
const leastBytes = 16_384;
const stalledMs = 60_000;
const mostHeaderBytes = 16_384;
const crlf = Buffer.from('\r\n');
const blankLine = Buffer.from('\r\n\r\n');
const dashes = Buffer.from('--');

export class MultipartBody {
  readonly #request: IncomingMessage;
  readonly #delimiter: Buffer;
  readonly #mostBytes: number;
  #bytes = 0;
  /** Since it last had sent enough. */
  #waitedMs = 0;
  #slowBytes = 0;
  /** What was taken and is not told yet: less than a chunk and a delimiter, or the headers of a part. */
  #held: Buffer = crlf;
  #begun = false;

  constructor(request: IncomingMessage, boundary: string, mostBytes: number) {
    this.#request = request;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#mostBytes = mostBytes;
  }

  /** The headers of the next part, after the content before it was read; undefined where the body has ended as it should. @throws GatewayError */
  async headers(): Promise<Buffer | undefined> {
    if (!this.#begun) await this.#begin();
    await this.#hold(2);
    if (this.#held.subarray(0, 2).equals(dashes)) { await this.#end(); return undefined; }
    if (!this.#held.subarray(0, 2).equals(crlf)) throw new GatewayError('invalid_multipart');
    let end = this.#held.indexOf(blankLine);
    for (; end === -1; end = this.#held.indexOf(blankLine)) {
      if (this.#held.length > mostHeaderBytes) throw new GatewayError('invalid_multipart');
      await this.#hold(this.#held.length + 1);
    }
    const headers = this.#held.subarray(2, Math.max(2, end));
    this.#held = this.#held.subarray(end + blankLine.length);
    return headers;
  }

  /** The content of the part whose headers were read, up to the next delimiter. @throws GatewayError */
  async *content(): AsyncGenerator<Buffer, void> {
    for (;;) {
      const end = this.#held.indexOf(this.#delimiter);
      const ready = this.#held.subarray(0, end === -1 ? this.#mayBeDelimiter() : end);
      this.#held = this.#held.subarray(end === -1 ? ready.length : end + this.#delimiter.length);
      if (ready.length > 0) yield ready;
      if (end !== -1) return;
      await this.#hold(this.#held.length + 1);
    }
  }

  /** Where in what is held a delimiter may begin whose rest has not come. */
  #mayBeDelimiter(): number {
    const start = this.#held.indexOf(0x0d, Math.max(0, this.#held.length - this.#delimiter.length + 1));
    return start === -1 ? this.#held.length : start;
  }

  /** The first delimiter has no line before it. */
  async #begin(): Promise<void> {
    this.#begun = true;
    await this.#hold(this.#delimiter.length);
    if (!this.#held.subarray(0, this.#delimiter.length).equals(this.#delimiter)) throw new GatewayError('invalid_multipart');
    this.#held = this.#held.subarray(this.#delimiter.length);
  }

  async #end(): Promise<void> {
    this.#held = this.#held.subarray(2);
    while (this.#held.length <= crlf.length) {
      const chunk = await this.#take();
      if (chunk === undefined) break;
      this.#held = Buffer.concat([this.#held, chunk]);
    }
    if (this.#held.length > 0 && !this.#held.equals(crlf)) throw new GatewayError('invalid_multipart');
  }

  /** @throws GatewayError invalid_multipart where the body ends before */
  async #hold(size: number): Promise<void> {
    while (this.#held.length < size) {
      const chunk = await this.#take();
      if (chunk === undefined) throw new GatewayError('invalid_multipart');
      this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    }
  }

  /** The next chunk; undefined at the end. Between two calls the request has no listener of ours, so that it may be answered at any time. */
  async #take(): Promise<Buffer | undefined> {
    const request = this.#request;
    if (request.readableEnded) return undefined;
    if (request.destroyed) throw new GatewayError('request_timeout');
    const start = performance.now();
    const chunk = await new Promise<Buffer | undefined>((resolve, reject) => {
      const done = (act: () => void): void => {
        clearTimeout(late);
        request.off('data', data).off('end', end).off('error', left).off('close', left).pause();
        act();
      };
      const data = (taken: Buffer): void => done(() => resolve(taken));
      const end = (): void => done(() => resolve(undefined));
      const left = (): void => done(() => reject(new GatewayError('request_timeout')));
      const late = setTimeout(left, Math.max(0, stalledMs - this.#waitedMs));
      request.on('data', data).on('end', end).on('error', left).on('close', left).resume();
    });
    this.#count(chunk?.length ?? 0, performance.now() - start);
    return chunk;
  }

  #count(bytes: number, waitedMs: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#mostBytes) throw new GatewayError('file_too_large');
    this.#slowBytes += bytes;
    this.#waitedMs += waitedMs;
    if (this.#slowBytes >= leastBytes) this.#slowBytes = this.#waitedMs = 0;
  }
}
