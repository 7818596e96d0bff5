/** Datastores of a running installation: files sealed into S3, and data that is used where it lies. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Agent, FormData, request } from 'undici';
import type { Datastore } from '#contract/http/datastores.ts';
import type { FileObject } from '#contract/http/files.ts';
import { sockets } from '#contract/installation.ts';
import { Installation } from '../installation.ts';
import { FakeS3 } from './fake-s3.ts';

const fake = new FakeS3();
const roots = realpathSync(mkdtempSync(join(tmpdir(), 'mk-data-')));
let installation: Installation;
let door: Agent;
const rows = Buffer.from(`${Array.from({ length: 300 }, (_, n) => JSON.stringify({ messages: [{ role: 'user', content: `canary question ${n}` }, { role: 'assistant', content: `canary answer ${n}` }] })).join('\n')}\n`);

interface Answer { status: number; body: Record<string, unknown> & { error?: { code: string; param: string | null } }; bytes: Buffer }
async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object | FormData, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = body === undefined ? {} : body instanceof FormData ? { body } : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
  const answer = await request(`http://modelkeep${path}`, { method, dispatcher: door, headers, ...sent });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  let parsed = {};
  try { parsed = JSON.parse(bytes.toString()) as object; } catch { /* a file's content */ }
  return { status: answer.statusCode, body: parsed, bytes };
}
async function done<T>(...asked: Parameters<typeof ask>): Promise<T> {
  const { status, body, bytes } = await ask(...asked);
  assert.ok(status < 300, bytes.toString());
  return body as T;
}
const refused = async (code: string, ...asked: Parameters<typeof ask>): Promise<void> => assert.equal((await ask(...asked)).body.error?.code, code, asked.slice(0, 2).join(' '));
const s3 = (bucket: string, prefix = ''): object => ({ kind: 's3', endpoint: fake.endpoint, region: fake.region, bucket, prefix });
const create = (name: string, more: object = {}): object => ({ name, use: 'sealed', place: s3('sealed', 'ours'), credential: fake.credential, ...more });
async function upload(datastore: string, bytes = rows): Promise<FileObject> {
  const form = new FormData();
  form.set('purpose', 'fine-tune');
  form.set('datastore', datastore);
  form.set('file', new Blob([bytes]), 'rows.jsonl');
  return await done<FileObject>('POST', '/v1/files', form);
}
const keys = (bucket: string): string[] => fake.bucket(bucket).versions.map(({ key }) => key);
/** Everything that the installation has on its disk, but for what custody keeps. */
const onDisk = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((each) => join(folder, each)).filter((each) => statSync(each, { throwIfNoEntry: false })?.isFile());

before(async () => {
  await fake.start('sealed', 'theirs');
  fake.bucket('sealed').versioned = true;
  mkdirSync(join(roots, 'team'));
  writeFileSync(join(roots, 'team/rows.jsonl'), rows);
  writeFileSync(join(roots, 'team/wrong.jsonl'), '{"messages": "canary"}\n');
  symlinkSync('/etc/hostname', join(roots, 'team/out'));
  installation = await Installation.start({ env: { MODELKEEP_DATA_ROOTS: roots, MODELKEEP_STORAGE_ENDPOINTS: `${fake.endpoint}/, https://s3.example.org` } });
  door = new Agent({ connect: { socketPath: join(installation.run, sockets.gateway) } });
  const file = join(roots, 'put');
  writeFileSync(file, rows);
  fake.bucket('theirs').put('their data/rows.jsonl', [{ file, bytes: rows.length, md5: '' }], '"e"', {});
});
beforeEach(() => { fake.fault = () => undefined; fake.disabled = false; });
after(async () => { await door.destroy(); await installation.remove(); await fake.stop(); rmSync(roots, { recursive: true, force: true }); });

describe('a datastore in S3 that files are sealed into', () => {
  test('takes a file as ciphertext, gives it back, and has nothing of it when it was deleted', async () => {
    const made = await done<Datastore>('POST', '/api/datastores', create('remote'));
    assert.deepEqual([made.use, made.geography, made.files, made.default], ['sealed', 'local', 0, false]);
    assert.deepEqual(keys('sealed'), []);
    const file = await upload('remote');
    assert.deepEqual([file.datastore, file.storage, file.bytes, file.rows], ['remote', 'sealed', rows.length, 300]);
    const [object] = fake.bucket('sealed').objects;
    assert.match(object?.key ?? '', new RegExp(`^ours/${made.id}/obj_`));
    const stored = Buffer.concat((object?.pieces ?? []).map((piece) => readFileSync(piece.file)));
    assert.ok(stored.length > rows.length && !stored.includes('canary'));
    assert.ok((await ask('GET', `/v1/files/${file.id}/content`)).bytes.equals(rows));
    assert.ok((await ask('GET', `/v1/files/${file.id}/content`, undefined, { range: 'bytes=100-199' })).bytes.equals(rows.subarray(100, 200)));
    await refused('datastore_in_use', 'DELETE', '/api/datastores/remote');
    await done('DELETE', `/v1/files/${file.id}`);
    assert.deepEqual(keys('sealed'), []);
    await done('DELETE', '/api/datastores/remote');
    await refused('datastore_not_found', 'DELETE', '/api/datastores/remote');
  });

  test('is not made where it cannot be written to, or another name or geography is meant', async () => {
    await refused('datastore_refused', 'POST', '/api/datastores', create('none', { credential: { ...fake.credential, secretAccessKey: 'other' } }));
    await refused('datastore_refused', 'POST', '/api/datastores', create('none', { place: s3('absent') }));
    // By plain HTTP to another machine; where the operator has not allowed it.
    for (const endpoint of ['http://s3.example.org', 'http://127.0.0.1:9', 'https://s3.example.com']) await refused('datastore_refused', 'POST', '/api/datastores', create('none', { place: { ...s3('sealed'), endpoint } }));
    fake.fault = ({ operation }) => (operation === 'PutObject' ? { status: 403, code: 'AccessDenied' } : undefined);
    await refused('datastore_refused', 'POST', '/api/datastores', create('none'));
    fake.fault = () => undefined;
    await refused('geography_refused', 'POST', '/api/datastores', create('none', { geography: 'elsewhere' }));
    await refused('name_taken', 'POST', '/api/datastores', create('default'));
    await refused('invalid_request', 'POST', '/api/datastores', create('none', { credential: undefined }));
    await refused('invalid_request', 'POST', '/api/datastores', create('none', { place: { kind: 'filesystem', path: roots }, credential: undefined }));
    await refused('unknown_parameter', 'POST', '/api/datastores', create('none', { more: 1 }));
    assert.deepEqual(((await done<{ data: Datastore[] }>('GET', '/api/datastores')).data).map(({ name }) => name), ['default']);
  });

  test('that is away refuses uploads, keeps nothing of them, and gives its files again when it is back, after a restart too', async () => {
    await done('POST', '/api/datastores', create('remote'));
    const file = await upload('remote');
    fake.disabled = true;
    const form = new FormData();
    form.set('purpose', 'fine-tune'); form.set('datastore', 'remote'); form.set('file', new Blob([rows]), 'rows.jsonl');
    await refused('datastore_refused', 'POST', '/v1/files', form);
    assert.notEqual((await ask('GET', `/v1/files/${file.id}/content`)).status, 200);
    fake.disabled = false;
    await installation.stop();
    await installation.up();
    assert.ok((await ask('GET', `/v1/files/${file.id}/content`)).bytes.equals(rows));
    assert.equal((await done<{ data: FileObject[] }>('GET', '/v1/files')).data.length, 1);
  });

  test('has its credential nowhere on the disk', () => {
    const secret = Buffer.from(fake.credential.secretAccessKey);
    const files = onDisk(installation.data);
    assert.ok(files.length > 20);
    assert.deepEqual(files.filter((each) => { const bytes = readFileSync(each); return bytes.includes(secret) || bytes.includes('canary question'); }), []);
  });
});

describe('data that is there already', () => {
  test('in S3 is named, read where it lies and never written', async () => {
    await done('POST', '/api/datastores', create('theirs', { use: 'designated', place: s3('theirs', 'their data') }));
    const was = fake.asked.length;
    const file = await done<FileObject>('POST', '/api/datastores/theirs/files', { path: 'rows.jsonl', purpose: 'fine-tune' });
    assert.deepEqual([file.storage, file.bytes, file.rows, file.filename, file.datastore], ['designated', rows.length, 300, 'rows.jsonl', 'theirs']);
    assert.ok((await ask('GET', `/v1/files/${file.id}/content`)).bytes.equals(rows));
    const part = await ask('GET', `/v1/files/${file.id}/content`, undefined, { range: 'bytes=-10' });
    assert.deepEqual([part.status, part.bytes.equals(rows.subarray(-10))], [206, true]);
    await done('DELETE', `/v1/files/${file.id}`);
    assert.deepEqual([...new Set(fake.asked.slice(was).map(({ operation }) => operation))].sort(), ['GetObject', 'HeadObject']);
    assert.deepEqual(keys('theirs'), ['their data/rows.jsonl']);
  });

  test('in a mounted folder is named, and copied where that is asked', async () => {
    await done('POST', '/api/datastores', { name: 'mounted', use: 'designated', place: { kind: 'filesystem', path: join(roots, 'team') } });
    const named = await done<FileObject>('POST', '/api/datastores/mounted/files', { path: 'rows.jsonl', purpose: 'fine-tune' });
    const copied = await done<FileObject>('POST', '/api/datastores/mounted/files', { path: 'rows.jsonl', purpose: 'fine-tune', copy: true });
    assert.deepEqual([named.storage, copied.storage, copied.datastore], ['designated', 'sealed', 'default']);
    for (const { id } of [named, copied]) {
      assert.equal(createHash('sha256').update((await ask('GET', `/v1/files/${id}/content`)).bytes).digest('hex'), createHash('sha256').update(rows).digest('hex'));
      await done('DELETE', `/v1/files/${id}`);
    }
    assert.ok(readFileSync(join(roots, 'team/rows.jsonl')).equals(rows));
  });

  test('is refused where it is not below what the operator opened, not there, or not what its purpose says', async () => {
    for (const path of ['/etc', '/', join(roots, '..'), installation.data, `${roots}/../etc`]) await refused('path_refused', 'POST', '/api/datastores', { name: 'no', use: 'designated', place: { kind: 'filesystem', path } });
    const designate = async (code: string, path: string): Promise<void> => refused(code, 'POST', '/api/datastores/mounted/files', { path, purpose: 'fine-tune' });
    await designate('path_refused', 'out');
    await designate('file_not_found', 'none.jsonl');
    await designate('file_rows_invalid', 'wrong.jsonl');
    await refused('file_not_found', 'POST', '/api/datastores/theirs/files', { path: 'none.jsonl', purpose: 'fine-tune' });
    await refused('datastore_not_found', 'POST', '/api/datastores/default/files', { path: 'rows.jsonl', purpose: 'fine-tune' });
    fake.disabled = true;
    await refused('datastore_refused', 'POST', '/api/datastores/theirs/files', { path: 'rows.jsonl', purpose: 'fine-tune' });
  });
});
