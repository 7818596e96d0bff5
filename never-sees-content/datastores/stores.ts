/** The store behind each datastore. */
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import { StoreError } from './blobs/blob-store.ts';
import { FilesystemBlobs } from './blobs/filesystem.ts';
import type { DatastoreRow } from './find-datastore.ts';

export class Stores {
  readonly #folder: string;
  constructor(dataFolder: string) { this.#folder = join(dataFolder, dataLayout.objects); }

  // eslint-disable-next-line @typescript-eslint/require-await -- a store elsewhere needs its credential first
  async of({ project_id, place }: Pick<DatastoreRow, 'project_id' | 'place' | 'credential' | 'id'>): Promise<BlobStore> {
    if (place.kind !== 'filesystem') throw new StoreError('refused');
    return new FilesystemBlobs(join(this.#folder, project_id));
  }
}
