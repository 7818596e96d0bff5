import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { after, before, beforeEach, describe, test } from 'node:test';
import { FakeS3 } from '#testing/datastores/fake-s3.ts';
import { GatewayError } from '../gateway-error.ts';
import { S3Source } from './s3-source.ts';
import type { S3SourceSettings } from './s3-source.ts';

const fake = new FakeS3();
const folder = mkdtempSync(join(tmpdir(), 'mk-source-'));
const opened: S3Source[] = [];
const plain = randomBytes(2_000_000);
let source: S3Source;
const open = (changed: Partial<S3SourceSettings> = {}): S3Source => {
  const made = new S3Source({ endpoint: fake.endpoint, region: fake.region, bucket: 'theirs', prefix: 'team/données', credential: fake.credential, retryDelays: [1, 1, 1], ...changed });
  opened.push(made);
  return made;
};
const put = (key: string, bytes: Buffer, etag = '"e"'): void => { const file = join(folder, randomBytes(8).toString('hex')); writeFileSync(file, bytes); fake.bucket('theirs').put(key, [{ file, bytes: bytes.length, md5: '' }], etag, {}); };
const whole = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => { const chunks: Buffer[] = []; for await (const chunk of stream) chunks.push(chunk); return Buffer.concat(chunks); };
const fails = (code: GatewayError['code']) => (error: unknown): boolean => { assert.ok(error instanceof GatewayError, String(error)); assert.equal(error.code, code); return true; };

before(async () => { await fake.start('theirs'); source = open(); put('team/données/a folder/rows+1 (é).jsonl', plain); put('team/other.jsonl', Buffer.from('other')); put('team/données/empty', Buffer.alloc(0)); });
beforeEach(() => { fake.fault = () => undefined; fake.disabled = false; fake.asked.length = 0; });
after(async () => { for (const each of opened) await each.close(); await fake.stop(); rmSync(folder, { recursive: true }); });
const path = 'a folder/rows+1 (é).jsonl';

test('objects are read whole and by range, and nothing beyond their end', async () => {
  assert.deepEqual([await source.size(path), await source.size('empty')], [plain.length, 0]);
  assert.ok((await whole(await source.read(path))).equals(plain));
  assert.equal((await whole(await source.read('empty'))).length, 0);
  for (const [offset, length] of [[0, 0], [1, 10], [1_999_999, 5], [2_000_000, 1], [3_000_000, undefined], [17, undefined]] as const) {
    assert.ok((await whole(await source.read(path, { offset, ...(length === undefined ? {} : { length }) }))).equals(plain.subarray(offset, length === undefined ? undefined : offset + length)));
  }
});

test('a connection that breaks is taken up again, as often as there is something new', async () => {
  fake.fault = ({ operation }) => (operation === 'GetObject' ? { cut: 90_000 } : undefined);
  assert.ok((await whole(await source.read(path, { offset: 5 }))).equals(plain.subarray(5)));
  fake.fault = ({ operation }) => (operation === 'GetObject' ? { cut: 0 } : undefined);
  await assert.rejects(whole(await source.read(path)), fails('datastore_unreachable'));
});

test('an object that changes while it is read is not taken for whole', async () => {
  put('team/données/changing', plain);
  let first = true;
  fake.fault = ({ operation }) => { if (operation !== 'GetObject' || !first) return undefined; first = false; return { cut: 90_000 }; };
  const reading = async (): Promise<void> => { for await (const _ of await source.read('changing')) put('team/données/changing', plain, '"other"'); };
  await assert.rejects(reading(), fails('datastore_unreachable'));
});

test('an object that became longer or shorter since its size was told is not given for what it was', async () => {
  put('team/données/replaced', plain);
  const of = await source.size('replaced');
  assert.equal((await whole(await source.read('replaced', { offset: 0, of }))).length, of);
  for (const bytes of [plain.subarray(0, 1000), Buffer.concat([plain, plain])]) {
    put('team/données/replaced', bytes, '"other"');
    await assert.rejects(async () => whole(await source.read('replaced', { offset: 0, of })), fails('datastore_unreachable'));
  }
});

test('a storage that is busy is asked again, and told as unreachable where it stays so', async () => {
  let left = 2;
  fake.fault = () => (left-- > 0 ? { status: 503, code: 'SlowDown' } : undefined);
  assert.equal(await source.size(path), plain.length);
  fake.fault = () => ({ status: 500, code: 'InternalError' });
  await assert.rejects(source.size(path), fails('datastore_unreachable'));
  await assert.rejects(open({ endpoint: 'http://127.0.0.1:9' }).size(path), fails('datastore_unreachable'));
});

describe('who may not is refused', () => {
  const cases: [name: string, change: () => Partial<S3SourceSettings>][] = [
    ['another secret', () => ({ credential: { ...fake.credential, secretAccessKey: 'other' } })], ['a session that has ended', () => ({ credential: { ...fake.credential, sessionToken: 'stale' } })],
    ['another region', () => ({ region: 'us-east-1' })], ['a bucket that is absent', () => ({ bucket: 'absent' })], ['a bucket whose owner has disabled it', () => { fake.disabled = true; return {}; }],
  ];
  for (const [name, change] of cases) {
    test(name, async () => {
      const other = open(change());
      await assert.rejects(other.check(), fails('datastore_refused'));
      await assert.rejects(other.size(path), fails('datastore_refused'));
      await assert.rejects(other.read(path), fails('datastore_refused'));
    });
  }
});

test('nothing outside the prefix has a path', async () => {
  await source.check();
  await assert.rejects(source.size('none'), fails('file_not_found'));
  for (const outside of ['../other.jsonl', '..', '.', '', '/team/other.jsonl', 'a/../../other.jsonl', 'a//b', 'a\\b', 'a\0', '\ud800']) await assert.rejects(source.read(outside), fails('path_refused'), outside);
  assert.deepEqual(fake.asked.map(({ key }) => key).filter((key) => !key.startsWith('team/données/') && key !== ''), []);
});

test('it only ever asks to read', async () => {
  await whole(await source.read(path));
  assert.deepEqual([...new Set(fake.asked.map(({ operation }) => operation))].sort(), ['GetObject', 'HeadObject']);
});

test('plain HTTP goes to this machine only', () => {
  for (const endpoint of ['http://s3.example.org', 'http://localhost.example.org', 'https://user:word@s3.example.org', 'file:///etc', '']) assert.throws(() => open({ endpoint }), fails('datastore_refused'), endpoint);
});
