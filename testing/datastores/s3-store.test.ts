/** What only S3 can do wrong to a store: answers lost, late, cut, busy, full, refused, and names that are not ours. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { S3BlobStore } from '#control/datastores/blobs/s3.ts';
import type { S3Settings } from '#control/datastores/blobs/s3.ts';
import { assertNothing, chunked, failsAs, names, newObject, whole } from './blob-store-suite.ts';
import { FakeS3 } from './fake-s3.ts';
import type { Fault, Operation } from './fake-s3.ts';

const MiB = 1 << 20;
const fake = new FakeS3();
const opened: S3BlobStore[] = [];
let store: S3BlobStore;
const open = (changed: Partial<S3Settings> = {}): S3BlobStore => {
  const made = new S3BlobStore({ endpoint: fake.endpoint, region: fake.region, bucket: 'bucket', prefix: 'sealed', credential: fake.credential, retryDelays: [1, 1, 1], ...changed });
  opened.push(made);
  return made;
};
/** The first so many requests of an operation go wrong. */
const failing = (operation: Operation, fault: Fault, times: number): void => {
  let left = times;
  fake.fault = (asked) => (asked.operation === operation && left-- > 0 ? fault : undefined);
};
const asked = (operation: Operation): number => fake.asked.filter((each) => each.operation === operation).length;
const write = async (object: string, bytes: Buffer): Promise<unknown> => await store.write(object, chunked(bytes, 999_983));
const everyOperation = (on: S3BlobStore): (() => Promise<unknown>)[] => [
  async () => await on.write(newObject(), chunked(Buffer.from('x'))), async () => await on.write(newObject(), chunked(Buffer.alloc(17 * MiB))), async () => await on.read(newObject()), async () => await on.size(newObject()),
  async () => await on.erase(newObject()), async () => await names(on),
];
const busy = { status: 503, code: 'SlowDown' };

before(async () => { await fake.start('bucket', 'versioned'); store = open(); });
beforeEach(() => { fake.fault = () => undefined; fake.asked.length = 0; fake.disabled = false; fake.room = Number.POSITIVE_INFINITY; });
after(async () => { for (const each of opened) await each.close(); await fake.stop(); });

describe('a storage that is busy for a moment', () => {
  const small = Buffer.from('small');
  const large = Buffer.alloc(33 * MiB, 'l');
  const cases: [Operation, Buffer][] = [['PutObject', small], ['CreateMultipartUpload', large], ['UploadPart', large], ['CompleteMultipartUpload', large]];
  for (const [operation, bytes] of cases) {
    for (const [name, fault] of [['is asked again', busy], ['may have done it and lost the answer', { lost: true }], ['may answer 200 and then fail', { late: 'InternalError' }]] as const) {
      if (operation === 'UploadPart' && 'late' in fault) continue;
      test(`${operation}: it ${name}`, async () => {
        const object = newObject();
        failing(operation, fault, 2);
        await write(object, bytes);
        assert.ok((await whole(await store.read(object))).equals(bytes));
        await store.erase(object);
        assert.deepEqual([await names(store), fake.bucket('bucket').uploads], [[], []]);
      });
    }
  }
  for (const operation of ['HeadObject', 'GetObject', 'ListObjectVersions', 'ListMultipartUploads', 'DeleteObject'] as const) {
    test(`${operation} is asked again`, async () => {
      const object = newObject();
      await write(object, small);
      failing(operation, busy, 2);
      assert.deepEqual(await names(store), [object]);
      assert.ok((await whole(await store.read(object))).equals(small));
      await store.erase(object);
      await assertNothing(store, object);
    });
  }
});

describe('a storage that stays away', () => {
  test('is unreachable, for everything, and nothing was written', async () => {
    fake.fault = () => busy;
    for (const ask of everyOperation(store)) await assert.rejects(ask(), failsAs('unreachable'));
    fake.fault = () => undefined;
    assert.deepEqual(await names(store), []);
  });
  test('in the middle of an upload: nothing is there, and once it is back the rest is found and erased', async () => {
    const object = newObject();
    let parts = 0;
    fake.fault = ({ operation }) => (operation === 'UploadPart' && ++parts < 2 ? undefined : operation === 'CreateMultipartUpload' ? undefined : busy);
    await assert.rejects(write(object, Buffer.alloc(60 * MiB)), failsAs('unreachable'));
    fake.fault = () => undefined;
    await assertNothing(store, object);
    assert.deepEqual(await names(store), [object]);
    await store.erase(object);
    assert.deepEqual(await names(store), []);
  });
  test('nobody listens', async () => {
    const nobody = open({ endpoint: 'http://127.0.0.1:9' });
    for (const ask of everyOperation(nobody)) await assert.rejects(ask(), failsAs('unreachable'));
  });
  test('whose answer stays lost: what it has done all the same is taken back', async () => {
    const object = newObject();
    fake.fault = ({ operation }) => (operation === 'PutObject' ? { lost: true } : undefined);
    await assert.rejects(open({ retryDelays: [] }).write(object, chunked(Buffer.from('x'))), failsAs('unreachable'));
    await assertNothing(store, object);
  });
});

describe('a read whose connection breaks', () => {
  test('goes on where it was, however often, while there is something new', async () => {
    const [object, plain] = [newObject(), randomBytes(2 * MiB)];
    await write(object, plain);
    fake.fault = ({ operation }) => (operation === 'GetObject' ? { cut: 100_000 } : undefined);
    assert.ok((await whole(await store.read(object))).equals(plain));
    assert.ok((await whole(await store.read(object, { offset: 300_001, length: 555_555 }))).equals(plain.subarray(300_001, 855_556)));
    assert.ok(asked('GetObject') > 20);
    await store.erase(object);
  });
  test('ends as unreachable where nothing comes any more', async () => {
    const object = newObject();
    await write(object, randomBytes(MiB));
    let first = true;
    fake.fault = ({ operation }) => { if (operation !== 'GetObject') return undefined; const cut = first ? 1000 : 0; first = false; return { cut }; };
    await assert.rejects(whole(await store.read(object)), failsAs('unreachable'));
    await store.erase(object);
  });
  test('is refused where the rest would belong to another object', async () => {
    const object = newObject();
    await write(object, Buffer.alloc(MiB, 'a'));
    failing('GetObject', { cut: 500_000 }, 1);
    const stream = await store.read(object);
    const reading = async (): Promise<void> => { for await (const _ of stream) { if (asked('GetObject') === 1) fake.bucket('bucket').put(`sealed/${object}`, fake.bucket('bucket').get(`sealed/${object}`)?.pieces ?? [], '"other"', {}); } };
    await assert.rejects(reading(), failsAs('refused'));
    await store.erase(object);
  });
  test('of whoever stops reading, nothing more is fetched', async () => {
    const object = newObject();
    await write(object, Buffer.alloc(20 * MiB));
    for await (const _ of await store.read(object)) break;
    await store.erase(object);
    assert.equal(asked('GetObject'), 1);
  });
});

describe('who is refused is told so at once, and nothing is taken for absent', () => {
  const cases: [name: string, change: () => Partial<S3Settings>][] = [
    ['another secret', () => ({ credential: { ...fake.credential, secretAccessKey: 'other' } })], ['a key that is none', () => ({ credential: { ...fake.credential, accessKeyId: 'AKIAOTHER' } })],
    ['a session that has ended', () => ({ credential: { ...fake.credential, sessionToken: 'stale' } })], ['another region', () => ({ region: 'us-east-1' })], ['a bucket that is absent', () => ({ bucket: 'absent' })],
    ['a bucket whose owner has disabled it', () => { fake.disabled = true; return {}; }],
  ];
  for (const [name, change] of cases) {
    test(name, async () => {
      const before = fake.asked.length;
      for (const ask of everyOperation(open(change()))) await assert.rejects(ask(), failsAs('refused'));
      assert.ok(fake.asked.length - before < 20);
    });
  }
});

test('a storage that is full says so, and keeps nothing of the object', async () => {
  fake.room = 0;
  await assert.rejects(write(newObject(), Buffer.from('x')), failsAs('full'));
  fake.room = 500 * MiB;
  const object = newObject();
  async function* endless(): AsyncGenerator<Buffer> { for (;;) { yield Buffer.alloc(MiB); await Promise.resolve(); } }
  await assert.rejects(store.write(object, endless()), failsAs('full'));
  assert.deepEqual([await names(store), fake.bucket('bucket').uploads], [[], []]);
});

test('an object is made once: a second write of its name is refused and the first stays', async () => {
  const object = newObject();
  await write(object, Buffer.from('first'));
  await assert.rejects(write(object, Buffer.from('second')), failsAs('refused'));
  await assert.rejects(write(object, Buffer.alloc(17 * MiB)), failsAs('refused'));
  assert.equal((await whole(await store.read(object))).toString(), 'first');
  await store.erase(object);
});

describe('a bucket with versions', () => {
  test('has none of an object that was erased: none that is older, no mark, no upload', async () => {
    const bucket = fake.bucket('versioned');
    bucket.versioned = true;
    const versioned = open({ bucket: 'versioned' });
    const [object, other] = [newObject(), newObject()];
    await versioned.write(other, chunked(Buffer.from('other')));
    for (let turn = 0; turn < 3; turn++) { await versioned.write(object, chunked(Buffer.from(`turn ${turn}`))); bucket.delete(`sealed/${object}`); }
    bucket.start(`sealed/${object}`, {});
    await assertNothing(versioned, object);
    assert.deepEqual(await names(versioned), [object, other].sort());
    await versioned.erase(object);
    assert.deepEqual([bucket.versions.map(({ key }) => key), bucket.uploads], [[`sealed/${other}`], []]);
  });
});

test('what others keep in the bucket is neither listed nor erased', async () => {
  const bucket = fake.bucket('bucket');
  const object = newObject();
  await write(object, Buffer.from('x'));
  for (const key of [object, `sealed/${object}.old`, `sealed/${object}/x`, 'sealed/report.csv', `sealed2/${object}`]) { bucket.put(key, [], '"e"', {}); bucket.start(key, {}); }
  assert.deepEqual(await names(store), [object]);
  await store.erase(object);
  assert.deepEqual([await names(store), bucket.objects.length, bucket.uploads.length], [[], 5, 5]);
});

test('plain HTTP goes to this machine only, and an endpoint has no credential or query in it', () => {
  for (const endpoint of ['http://s3.example.org', 'http://127.0.0.1.example.org', 'ftp://127.0.0.1', 'https://user:word@s3.example.org', 'https://s3.example.org/?x=1', 'nonsense', '']) assert.throws(() => open({ endpoint }), failsAs('refused'), endpoint);
  for (const endpoint of ['https://s3.example.org', 'https://s3.example.org/tenant/', 'http://[::1]:9000', 'http://localhost:9000']) open({ endpoint });
});

describe('a server that is no S3', () => {
  const answers: [name: string, code: 'refused' | 'unreachable', status: number, headers: Record<string, string>, body: string | Buffer][] = [
    ['redirects elsewhere', 'refused', 307, { location: 'https://example.org/' }, ''], ['answers a page', 'refused', 200, {}, '<!doctype html><p>welcome'], ['answers entities of its own', 'refused', 200, {}, '<!DOCTYPE a [<!ENTITY b "bbbb">]><ListVersionsResult>&b;</ListVersionsResult>'],
    ['answers without an end', 'unreachable', 200, {}, Buffer.alloc(5 << 20, '<a>')], ['answers elements in elements', 'refused', 200, {}, '<a>'.repeat(100_000)], ['leads in a circle', 'refused', 200, {}, '<R><IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker></R>'],
    ['says that there is more and not where', 'refused', 200, {}, '<R><IsTruncated>true</IsTruncated></R>'],
  ];
  for (const [name, code, status, headers, body] of answers) {
    test(`it ${name}`, async () => {
      const server = createServer((request, response) => { request.resume(); response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body); });
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      const { port } = server.address() as { port: number };
      const on = open({ endpoint: `http://127.0.0.1:${port}` });
      try {
        await assert.rejects(names(on), failsAs(code));
        await assert.rejects(on.erase(newObject()), failsAs(code));
      } finally { server.closeAllConnections(); server.close(); }
    });
  }
});
