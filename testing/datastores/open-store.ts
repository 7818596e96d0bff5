/** A store by its settings, also in another process. */
import { FilesystemBlobs } from '#control/datastores/blobs/filesystem.ts';
import type { BlobStore } from '#control/datastores/blobs/blob-store.ts';
import { S3BlobStore } from '#control/datastores/blobs/s3.ts';
import type { S3Settings } from '#control/datastores/blobs/s3.ts';

export type StoreSettings = { kind: 'filesystem'; folder: string } | ({ kind: 's3' } & S3Settings);

export function openStore(settings: StoreSettings): BlobStore {
  if (settings.kind === 'filesystem') return new FilesystemBlobs(settings.folder);
  const { kind: _, ...s3 } = settings;
  return new S3BlobStore(s3);
}
