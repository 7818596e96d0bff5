/** The store behind each datastore. */
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import { StoreError } from './blobs/blob-store.ts';
import { FilesystemBlobs } from './blobs/filesystem.ts';
import { S3BlobStore } from './blobs/s3.ts';
import type { Credentials } from './credentials.ts';
import type { DatastoreRow } from './find-datastore.ts';

type Row = Pick<DatastoreRow, 'project_id' | 'place' | 'credential' | 'id'>;

export class Stores {
  readonly #folder: string;
  readonly #credentials: Credentials;
  /** Those elsewhere, with their credentials open, by the datastore's id. */
  readonly #elsewhere = new Map<string, Promise<S3BlobStore>>();

  constructor(dataFolder: string, credentials: Credentials) {
    this.#folder = join(dataFolder, dataLayout.objects);
    this.#credentials = credentials;
  }

  /** @throws StoreError; Refusal where its credential cannot be opened now */
  async of(row: Row): Promise<BlobStore> {
    if (row.place.kind === 'filesystem') return new FilesystemBlobs(join(this.#folder, row.project_id));
    const store = this.#elsewhere.get(row.id) ?? this.#open(row);
    this.#elsewhere.set(row.id, store);
    return await store.catch((error: unknown) => { this.#elsewhere.delete(row.id); throw error; });
  }

  /** Objects lie below the datastore's own id, so that two datastores in one place never take each other's for theirs. */
  async #open({ id, project_id, place, credential }: Row): Promise<S3BlobStore> {
    if (place.kind !== 's3' || credential === null) throw new StoreError('refused');
    const { endpoint, region, bucket, prefix } = place;
    return new S3BlobStore({ endpoint, region, bucket, prefix: `${prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`}${id}`, credential: await this.#credentials.open({ id, project_id }, credential) });
  }

  /** That bytes can be written there and erased again. @throws StoreError; Refusal */
  async check(row: Row, object: string): Promise<void> {
    const store = await this.of(row);
    try {
      await store.write(object, (async function* () { /* no bytes */ })());
      await store.erase(object);
    } catch (error) { this.forget(row.id); throw error; }
  }

  /** Drops its credential. */
  forget(id: string): void {
    const store = this.#elsewhere.get(id);
    this.#elsewhere.delete(id);
    store?.then((each) => each.close(), () => undefined).catch(() => undefined);
  }
}
