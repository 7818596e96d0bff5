/** Removes everything that a bucket has under one key: uploads that were never finished, every version, and the marks of deletions. */
import { BucketError, isNotOffered } from './bucket-error.ts';
import type { Bucket } from './bucket.ts';
import { head } from './head.ts';
import { uploads, versions } from './pages.ts';

/** A part that was on its way when its upload was aborted may still arrive, so one round after the last that found something. */
const mostRounds = 10;

export async function erase(bucket: Bucket, key: string): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    const found = await eraseUploads(bucket, key) + await eraseVersions(bucket, key);
    if (found > 0) continue;
    if (await head(bucket, key) === null) return;
    await remove(bucket, key, {});
  }
  throw new BucketError(503, 'NotErased');
}

/** What is gone already was to go. */
async function remove(bucket: Bucket, key: string, query: Record<string, string>): Promise<void> {
  await bucket.ask({ method: 'DELETE', key, query }).catch((error: unknown) => { if (!(error instanceof BucketError) || error.code !== 'not_found') throw error; });
}

async function eraseUploads(bucket: Bucket, key: string): Promise<number> {
  let found = 0;
  for await (const upload of uploads(bucket, key)) {
    if (upload.key !== key) continue;
    await remove(bucket, key, { uploadId: upload.upload });
    found++;
  }
  return found;
}

async function eraseVersions(bucket: Bucket, key: string): Promise<number> {
  let found = 0;
  try {
    for await (const version of versions(bucket, key)) {
      if (version.key !== key) continue;
      await remove(bucket, key, version.version === '' ? {} : { versionId: version.version });
      found++;
    }
  } catch (error) { if (!isNotOffered(error)) throw error; }
  return found;
}
