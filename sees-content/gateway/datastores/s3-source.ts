/** Data below a prefix of S3-compatible storage, read with the customer's own credential. A connection that breaks is taken up again where it was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../gateway-error.ts';
import { isInside } from './data-source.ts';
import type { DataSource, Range } from './data-source.ts';
import { ReadBucket } from './s3/read-bucket.ts';
import type { ReadBucketSettings } from './s3/read-bucket.ts';

export interface S3SourceSettings extends ReadBucketSettings { prefix: string }

export class S3Source implements DataSource {
  readonly #bucket: ReadBucket;
  readonly #prefix: string;

  /** @throws GatewayError datastore_refused where the endpoint is not https (or http on this machine) */
  constructor({ prefix, ...settings }: S3SourceSettings) {
    if (!prefix.isWellFormed()) throw new GatewayError('datastore_refused');
    this.#bucket = new ReadBucket(settings);
    this.#prefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  }

  /** That the bucket is there and lets itself be asked. @throws GatewayError datastore_refused, datastore_unreachable */
  async check(): Promise<void> {
    await this.#bucket.ask('HEAD').catch((error: unknown) => { throw error instanceof GatewayError && error.code === 'file_not_found' ? new GatewayError('datastore_refused') : error; });
  }

  async size(path: string): Promise<number> { return (await this.#head(path)).bytes; }

  async read(path: string, { offset, length, of }: Range = { offset: 0 }): Promise<AsyncIterable<Buffer>> {
    const { bytes, etag } = await this.#head(path);
    if (of !== undefined && bytes !== of) throw new GatewayError('datastore_unreachable');
    return this.#readOn(this.#key(path), etag, offset, Math.min(bytes, offset + (length ?? bytes)));
  }

  async close(): Promise<void> { await this.#bucket.close(); }

  #key(path: string): string {
    if (!isInside(path)) throw new GatewayError('path_refused');
    return `${this.#prefix}${path}`;
  }

  async #head(path: string): Promise<{ bytes: number; etag: string }> {
    try {
      const { headers } = await this.#bucket.ask('HEAD', this.#key(path));
      const [bytes, etag] = [Number(headers['content-length'] ?? Number.NaN), headers['etag']];
      if (!Number.isSafeInteger(bytes) || typeof etag !== 'string') throw new GatewayError('datastore_refused');
      return { bytes, etag };
    } catch (error) {
      // An absent bucket answers as an absent object does.
      if (error instanceof GatewayError && error.code === 'file_not_found') await this.check();
      throw error;
    }
  }

  async *#readOn(key: string, etag: string, from: number, end: number): AsyncGenerator<Buffer> {
    let at = from;
    for (let vain = 0; at < end;) {
      const before = at;
      try {
        const { statusCode, headers, body } = await this.#bucket.ask('GET', key, { range: `bytes=${at}-${end - 1}`, 'if-match': etag });
        if (statusCode !== 206 || !String(headers['content-range']).startsWith(`bytes ${at}-${end - 1}/`)) { body.on('error', () => undefined).destroy(); throw new GatewayError('datastore_refused'); }
        for await (const chunk of body as AsyncIterable<Buffer>) {
          if (chunk.length > end - at) throw new GatewayError('datastore_refused');
          at += chunk.length;
          yield chunk;
        }
      } catch (error) { if (error instanceof GatewayError) throw error; }
      if (at === end) return;
      vain = at > before ? 0 : vain + 1;
      const delay = this.#bucket.retryDelays[vain];
      if (delay === undefined) throw new GatewayError('datastore_unreachable');
      await sleep(delay);
    }
  }
}
