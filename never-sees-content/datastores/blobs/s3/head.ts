/** What the storage knows of one object. */
import { BucketError } from './bucket-error.ts';
import type { Bucket } from './bucket.ts';

/** The header under which an object names the write that made it: a random id, which tells one's own object from another's when an answer got lost. */
export const writeHeader = 'x-amz-meta-modelkeep-write';
export interface Head { bytes: number; etag: string; version: string | undefined; write: string | undefined }

const one = (header: string | string[] | undefined): string | undefined => (typeof header === 'string' && header !== '' ? header : undefined);

/** Null where there is none. That the bucket itself is there is asked as well: an absent bucket is no proof of an absent object. */
export async function head(bucket: Bucket, key: string): Promise<Head | null> {
  try {
    const { status, headers } = await bucket.ask({ method: 'HEAD', key });
    const bytes = Number(one(headers['content-length']) ?? Number.NaN);
    const etag = one(headers['etag']);
    if (!Number.isSafeInteger(bytes) || etag === undefined) throw new BucketError(status, 'MalformedHeaders');
    return { bytes, etag, version: one(headers['x-amz-version-id']), write: one(headers[writeHeader]) };
  } catch (error) {
    if (!(error instanceof BucketError) || error.code !== 'not_found') throw error;
  }
  await bucket.ask({ method: 'HEAD' }).catch((error: unknown) => { throw error instanceof BucketError && error.code === 'not_found' ? new BucketError(404, 'NoSuchBucket') : error; });
  return null;
}
