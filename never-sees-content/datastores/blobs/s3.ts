/** Sealed bytes in S3-compatible storage. An object is a key below the prefix; it is made once and never written over. */
import { ObjectId } from '#contract/names.ts';
import { StoreError } from './blob-store.ts';
import type { BlobStore } from './blob-store.ts';
import { isNotOffered } from './s3/bucket-error.ts';
import { Bucket } from './s3/bucket.ts';
import type { BucketSettings } from './s3/bucket.ts';
import { create } from './s3/create.ts';
import { erase } from './s3/erase.ts';
import { head } from './s3/head.ts';
import { objects, uploads, versions } from './s3/pages.ts';
import { readOn } from './s3/read-on.ts';

export interface S3Settings extends BucketSettings { /** Of all keys; a slash is put between it and the name. */ prefix: string }

export class S3BlobStore implements BlobStore {
  readonly #bucket: Bucket;
  readonly #prefix: string;

  /** @throws StoreError `refused` where the endpoint is not https (or http on this machine), or the prefix is no text */
  constructor({ prefix, ...settings }: S3Settings) {
    if (!prefix.isWellFormed()) throw new StoreError('refused');
    this.#bucket = new Bucket(settings);
    this.#prefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  }

  async write(object: string, bytes: AsyncIterable<Buffer>): Promise<{ bytes: number }> {
    const key = this.#key(object);
    try { return { bytes: await create(this.#bucket, key, bytes) }; } catch (error) { throw error instanceof StoreError ? error : new StoreError('unreachable', error); }
  }

  async read(object: string, { offset, length }: { offset: number; length?: number } = { offset: 0 }): Promise<AsyncIterable<Buffer>> {
    const key = this.#key(object);
    const found = await head(this.#bucket, key);
    if (!found) throw new StoreError('not_found');
    return readOn(this.#bucket, key, found.etag, offset, Math.min(found.bytes, offset + (length ?? found.bytes)));
  }

  async size(object: string): Promise<number | null> {
    return (await head(this.#bucket, this.#key(object)))?.bytes ?? null;
  }

  async erase(object: string): Promise<void> { await erase(this.#bucket, this.#key(object)); }

  /** What lies below the prefix under names that are none of ours is not ours to name. */
  async *list(): AsyncGenerator<string> {
    const unfinished = new Set<string>();
    for await (const { key } of uploads(this.#bucket, this.#prefix)) {
      const name = this.#name(key);
      if (name === undefined || unfinished.has(name)) continue;
      unfinished.add(name);
      yield name;
    }
    let previous: string | undefined;
    for await (const key of this.#keys()) {
      const name = this.#name(key);
      // The versions of a key stand together.
      if (name !== undefined && name !== previous && !unfinished.has(name)) yield name;
      previous = name;
    }
  }

  async close(): Promise<void> { await this.#bucket.close(); }

  async *#keys(): AsyncGenerator<string> {
    try {
      for await (const { key } of versions(this.#bucket, this.#prefix)) yield key;
    } catch (error) {
      if (!isNotOffered(error)) throw error;
      yield* objects(this.#bucket, this.#prefix);
    }
  }

  #key(object: string): string {
    if (!ObjectId.safeParse(object).success) throw new StoreError('refused');
    return `${this.#prefix}${object}`;
  }

  #name(key: string): string | undefined {
    const name = key.slice(this.#prefix.length);
    return key.startsWith(this.#prefix) && ObjectId.safeParse(name).success ? name : undefined;
  }
}
