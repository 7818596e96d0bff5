/** Every blob store under the one suite. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { blobStoreSuite } from './blob-store-suite.ts';
import { FakeS3 } from './fake-s3.ts';
import type { StoreSettings } from './open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-blobs-'));
const plain = new FakeS3();
const versioned = new FakeS3();
const poor = new FakeS3();

before(async () => {
  await plain.start('plain');
  await versioned.start('versioned');
  versioned.bucket('versioned').versioned = true;
  versioned.pageSize = 3;
  await poor.start('poor');
  poor.offersConditions = poor.offersVersions = false;
});
after(async () => { rmSync(folder, { recursive: true, force: true }); for (const fake of [plain, versioned, poor]) await fake.stop(); });

const s3 = (fake: FakeS3, bucket: string, prefix: string) => async (): Promise<StoreSettings> => await Promise.resolve({ kind: 's3', endpoint: fake.endpoint, region: fake.region, bucket, prefix, credential: fake.credential, retryDelays: [1, 1] });

blobStoreSuite('filesystem', async () => await Promise.resolve({ kind: 'filesystem', folder: join(folder, 'project') }));
blobStoreSuite('S3', s3(plain, 'plain', 'sealed/données & "more"/'));
blobStoreSuite('S3 with versions, and lists of many pages', s3(versioned, 'versioned', ''));
blobStoreSuite('S3 without versions and conditions', s3(poor, 'poor', 'prefix'));
