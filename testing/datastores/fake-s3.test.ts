/** The official client of S3 works on the fake, and is refused by it where S3 refuses: so that what is tested on the fake means something. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as s3 from '@aws-sdk/client-s3';
import { FakeS3 } from './fake-s3.ts';
import type { KnownCredential } from './signature.ts';

const fake = new FakeS3();
let client: s3.S3Client;
const Bucket = 'plain';
const clientOf = ({ sessionToken, ...keys }: KnownCredential, region = fake.region): s3.S3Client => new s3.S3Client({
  endpoint: fake.endpoint, region, credentials: sessionToken === undefined ? keys : { ...keys, sessionToken }, forcePathStyle: true, maxAttempts: 1, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
});
const fails = (name: string, status?: number) => (error: unknown): boolean => {
  assert.ok(error instanceof s3.S3ServiceException, String(error));
  assert.equal(error.name, name);
  if (status !== undefined) assert.equal(error.$metadata.httpStatusCode, status);
  return true;
};
const textOf = async (answer: s3.GetObjectCommandOutput): Promise<string> => await answer.Body?.transformToString() ?? '';

before(async () => {
  await fake.start(Bucket, 'versioned');
  fake.bucket('versioned').versioned = true;
  client = clientOf(fake.credential);
});
after(async () => { client.destroy(); await fake.stop(); });

describe('objects', () => {
  const Key = 'a folder/k+e%y (ü)\'*!';
  test('are put, found, read whole and in ranges, and deleted', async () => {
    await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: Buffer.from('hello world'), Metadata: { 'modelkeep-write': 'w' } }));
    const found = await client.send(new s3.HeadObjectCommand({ Bucket, Key }));
    assert.deepEqual([found.ContentLength, found.Metadata], [11, { 'modelkeep-write': 'w' }]);
    assert.equal(await textOf(await client.send(new s3.GetObjectCommand({ Bucket, Key }))), 'hello world');
    const range = await client.send(new s3.GetObjectCommand({ Bucket, Key, Range: 'bytes=6-', ...(found.ETag === undefined ? {} : { IfMatch: found.ETag }) }));
    assert.deepEqual([range.ContentRange, await textOf(range)], ['bytes 6-10/11', 'world']);
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key }));
    await assert.rejects(client.send(new s3.GetObjectCommand({ Bucket, Key })), fails('NoSuchKey', 404));
  });
  test('are not written over where the writer says so, nor read where they have changed', async () => {
    await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: Buffer.from('one'), IfNoneMatch: '*' }));
    await assert.rejects(client.send(new s3.PutObjectCommand({ Bucket, Key, Body: Buffer.from('two'), IfNoneMatch: '*' })), fails('PreconditionFailed', 412));
    await assert.rejects(client.send(new s3.GetObjectCommand({ Bucket, Key, IfMatch: '"other"' })), fails('PreconditionFailed', 412));
    await assert.rejects(client.send(new s3.GetObjectCommand({ Bucket, Key, Range: 'bytes=3-' })), fails('InvalidRange', 416));
  });
  test('are listed page by page', async () => {
    fake.pageSize = 2;
    for (const name of ['one', 'two', 'three', 'four', 'five']) await client.send(new s3.PutObjectCommand({ Bucket, Key: `list/${name}`, Body: Buffer.from('') }));
    const names: (string | undefined)[] = [];
    for await (const page of s3.paginateListObjectsV2({ client }, { Bucket, Prefix: 'list/' })) names.push(...(page.Contents ?? []).map((each) => each.Key));
    fake.pageSize = 1000;
    assert.deepEqual(names, ['list/five', 'list/four', 'list/one', 'list/three', 'list/two']);
  });
});

describe('uploads in parts', () => {
  const Key = 'parts';
  const start = async (): Promise<string> => (await client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? '';
  const part = async (UploadId: string, PartNumber: number, Body: Buffer): Promise<s3.CompletedPart> => ({ PartNumber, ETag: (await client.send(new s3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag ?? '' });
  const complete = async (UploadId: string, Parts: s3.CompletedPart[]): Promise<unknown> => await client.send(new s3.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

  test('become one object when they are completed', async () => {
    const id = await start();
    const parts = [await part(id, 1, Buffer.alloc(5 << 20, 'a')), await part(id, 2, Buffer.from('end'))];
    await complete(id, parts);
    const range = await client.send(new s3.GetObjectCommand({ Bucket, Key, Range: `bytes=${(5 << 20) - 2}-${(5 << 20) + 1}` }));
    assert.equal(await textOf(range), 'aaen');
  });
  test('are refused where a part is too small, missing, or out of order', async () => {
    const id = await start();
    const [one, two] = [await part(id, 1, Buffer.from('small')), await part(id, 2, Buffer.from('end'))];
    await assert.rejects(complete(id, [one, two]), fails('EntityTooSmall'));
    await assert.rejects(complete(id, [two, one]), fails('InvalidPartOrder'));
    await assert.rejects(complete(id, [{ ...one, ETag: '"0"' }]), fails('InvalidPart'));
  });
  test('are listed until they are aborted', async () => {
    const listed = async (): Promise<s3.MultipartUpload[]> => (await client.send(new s3.ListMultipartUploadsCommand({ Bucket, Prefix: Key }))).Uploads ?? [];
    assert.equal((await listed()).length, 1);
    for (const { UploadId } of await listed()) await client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    assert.deepEqual(await listed(), []);
    await assert.rejects(part('none', 1, Buffer.from('x')), fails('NoSuchUpload', 404));
  });
});

test('versions are kept, hidden by a mark, and deleted one by one', async () => {
  const it = { Bucket: 'versioned', Key: 'v' };
  for (const text of ['one', 'two']) await client.send(new s3.PutObjectCommand({ ...it, Body: Buffer.from(text) }));
  await client.send(new s3.DeleteObjectCommand(it));
  await assert.rejects(client.send(new s3.HeadObjectCommand(it)), fails('NotFound', 404));
  const list = async (): Promise<s3.ListObjectVersionsCommandOutput> => await client.send(new s3.ListObjectVersionsCommand({ Bucket: it.Bucket }));
  const { Versions = [], DeleteMarkers = [] } = await list();
  assert.deepEqual([Versions.length, DeleteMarkers.length], [2, 1]);
  for (const { VersionId } of [...Versions, ...DeleteMarkers]) await client.send(new s3.DeleteObjectCommand({ ...it, VersionId }));
  assert.equal((await list()).Versions, undefined);
});

describe('who is refused', () => {
  const asking = async (credentials: KnownCredential, region?: string): Promise<unknown> => await clientOf(credentials, region).send(new s3.ListObjectsV2Command({ Bucket }));
  test('whoever has another secret', async () => await assert.rejects(asking({ ...fake.credential, secretAccessKey: 'other' }), fails('SignatureDoesNotMatch', 403)));
  test('whoever has another key', async () => await assert.rejects(asking({ ...fake.credential, accessKeyId: 'AKIAOTHER' }), fails('InvalidAccessKeyId', 403)));
  test('whoever shows a session that is none', async () => await assert.rejects(asking({ ...fake.credential, sessionToken: 'stale' }), fails('InvalidToken', 403)));
  test('whoever signs for another region', async () => await assert.rejects(asking(fake.credential, 'us-east-1'), fails('AuthorizationHeaderMalformed')));
  test('whoever does not sign', async () => {
    const answer = await fetch(`${fake.endpoint}/${Bucket}?list-type=2`);
    assert.equal(answer.status, 403);
  });
  test('everybody, where the bucket is disabled or absent', async () => {
    await assert.rejects(client.send(new s3.ListObjectsV2Command({ Bucket: 'absent' })), fails('NoSuchBucket', 404));
    fake.disabled = true;
    await assert.rejects(client.send(new s3.ListObjectsV2Command({ Bucket })), fails('AllAccessDisabled', 403));
    fake.disabled = false;
  });
});
