/** Bytes of an object in their order; a connection that breaks is taken up again where it was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../blob-store.ts';
import { BucketError } from './bucket-error.ts';
import type { Bucket } from './bucket.ts';

/** `etag`: of the object that was asked about, so that the rest belongs to the beginning. */
export async function* readOn(bucket: Bucket, key: string, etag: string, from: number, end: number): AsyncGenerator<Buffer> {
  let at = from;
  for (let vain = 0; at < end;) {
    const before = at;
    try {
      for await (const chunk of await openAt(bucket, key, etag, at, end)) {
        if (chunk.length > end - at) throw new BucketError(206, 'TooLong');
        at += chunk.length;
        yield chunk;
      }
    } catch (error) { if (error instanceof StoreError) throw error; }
    if (at === end) return;
    vain = at > before ? 0 : vain + 1;
    const delay = bucket.retryDelays[vain];
    if (delay === undefined) throw new StoreError('unreachable');
    await sleep(delay);
  }
}

async function openAt(bucket: Bucket, key: string, etag: string, at: number, end: number): Promise<AsyncIterable<Buffer>> {
  const { statusCode, headers, body } = await bucket.open({ method: 'GET', key, headers: { range: `bytes=${at}-${end - 1}`, 'if-match': etag } });
  if (statusCode === 206 && String(headers['content-range']).startsWith(`bytes ${at}-${end - 1}/`)) return body as AsyncIterable<Buffer>;
  body.on('error', () => undefined).destroy();
  throw new BucketError(statusCode, 'MalformedHeaders');
}
