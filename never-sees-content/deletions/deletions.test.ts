/** A deletion takes with it what it says, and opens nothing that it does not need. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'undici';
import type { AttemptOutcome, DeletionStatement } from '#contract/deletion.ts';
import type { FileObject } from '#contract/http/files.ts';
import type { Upload } from '#contract/http/uploads.ts';
import { dataLayout, sockets } from '#contract/installation.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { FilesystemBlobs } from '../datastores/blobs/filesystem.ts';
import { identifier } from '../identity/identifier.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
let project: string;
let principal: Principal;
before(async () => {
  database = await startDatabase(undefined);
  control = await ControlUnderTest.start(database);
  project = String((await database.statement("select id from projects where name = 'default'"))[0]?.['id']);
  principal = { kind: 'local_user', id: 'local', projectId: project, deploymentId: null };
}, { timeout: 60_000 });
after(async () => { await control.stop(); await database.stop(); });

const recipient = Buffer.alloc(32, 9).toString('base64');
async function createKeys(order: SignedOrder): Promise<void> {
  const client = new Client('http://custody', { socketPath: join(database.folder, 'run', sockets.custody) });
  try {
    const { statusCode, body } = await client.request({ path: '/create-data-keys', method: 'POST', body: JSON.stringify({ order }) });
    await body.dump();
    assert.equal(statusCode, 200);
  } finally { await client.close(); }
}
// eslint-disable-next-line @typescript-eslint/require-await -- a stream, as the socket gives it
async function* bytes(): AsyncGenerator<Buffer> { yield Buffer.alloc(100); }

/** An upload with one part, as the gateway brings it. */
async function uploaded(): Promise<{ upload: string; part: string }> {
  const { objects } = control.context;
  const { id: upload } = await control.get<Upload>('POST', '/v1/uploads', { as: principal, body: { filename: 'the name.bin', purpose: 'user_data', bytes: 3, mime_type: 'text/plain' } });
  const { id: part, sealedAs, order } = await objects.begin({ principal, recipient, what: { kind: 'part', upload } });
  await createKeys(order);
  await objects.store(sealedAs.object, bytes());
  await objects.commit({ object: sealedAs.object, bytes: 3, rows: null });
  return { upload, part };
}
/** Opened, sealed anew, and not acknowledged yet. @returns its object */
async function assembling(upload: string, part: string): Promise<string> {
  const { file } = await control.context.uploads.assemble({ principal, upload, parts: [part], recipient });
  await createKeys(file.order);
  await control.context.objects.store(file.sealedAs.object, bytes());
  return file.sealedAs.object;
}
const acknowledged = async (object: string): Promise<string> => (await control.context.objects.commit({ object, bytes: 3, rows: null }) as FileObject).id;

test('name, size and owner of a file that came in parts go with it: its upload is gone too', async () => {
  const { upload, part } = await uploaded();
  const file = await acknowledged(await assembling(upload, part));
  assert.equal((await control.get<{ deleted: boolean }>('DELETE', `/v1/files/${file}`, { as: principal })).deleted, true);
  assert.equal(await control.refusal('GET', `/v1/uploads/${upload}`, { as: principal }), '404 upload_not_found upload');
  const { entry } = await control.get<{ entry: { opening: { facts: { statement: string } } } }>('GET', `/api/ledger/deletions/${file}`, { as: principal });
  const { copies } = JSON.parse(entry.opening.facts.statement) as DeletionStatement;
  assert.ok(copies.some(({ copy, outcome }) => copy === 'its name, size and owner' && outcome === 'absent'));
  assert.deepEqual(await database.statement("select id from uploads where filename = 'the name.bin'"), []);
});

test('an upload that is completed twice at once: the file that was not acknowledged goes before the certificate says so', async () => {
  const { upload, part } = await uploaded();
  const [first, second] = [await assembling(upload, part), await assembling(upload, part)];
  const file = await acknowledged(first);
  await control.get('DELETE', `/v1/files/${file}`, { as: principal });
  const data = join(database.folder, 'data');
  for (const object of [first, second]) {
    assert.deepEqual([join(data, dataLayout.objects, project, object), join(data, dataLayout.keys, 'data', project, `${object}.json`)].filter((path) => existsSync(path)), []);
  }
  assert.deepEqual(await database.statement('select id from objects where id = any($1)', [[first, second]]), []);
});

test('data that was only named: the credential of its datastore is not opened to delete the name', async () => {
  const [datastore, file] = [identifier('dst'), identifier('fil')];
  await database.statement(`insert into datastores (id, project_id, name, use, geography, place, credential, created_at, created_by) values ($1, $2, 'theirs', 'designated', 'europe', $3, 'sealed by a key that is gone', now(), 'local')`,
    [datastore, project, JSON.stringify({ kind: 's3', endpoint: 'https://s3.test', region: 'eu', bucket: 'theirs', prefix: '' })]);
  await database.statement(`insert into files (id, project_id, datastore_id, path, filename, purpose, state, created_at, created_by) values ($1, $2, $3, 'a', 'a', 'user_data', 'ready', now(), 'local')`, [file, project, datastore]);
  await control.get('DELETE', `/v1/files/${file}`, { as: principal });
  assert.deepEqual(await database.statement("select seq from ledger_entries where kind = 'encryption.ordered' and object = $1", [datastore]), []);
});

/** Of one request: its keys, its bytes, its acknowledgement. */
async function stored(datastore?: string): Promise<{ file: string; object: string }> {
  const { objects } = control.context;
  const { id: file, sealedAs, order } = await objects.begin({ principal, recipient, what: { kind: 'file', filename: 'a', purpose: 'user_data', ...(datastore === undefined ? {} : { datastore }) } });
  await createKeys(order);
  await objects.store(sealedAs.object, bytes());
  await objects.commit({ object: sealedAs.object, bytes: 3, rows: null });
  return { file, object: sealedAs.object };
}
async function statementOf(file: string): Promise<DeletionStatement> {
  const { entry } = await control.get<{ entry: { opening: { facts: { statement: string } } } }>('GET', `/api/ledger/deletions/${file}`, { as: principal });
  return JSON.parse(entry.opening.facts.statement) as DeletionStatement;
}
async function backedUp(kind: 'data' | 'keys', takenAt: Date, place: string): Promise<void> {
  await control.get('POST', '/internal/backups', { as: null, body: { id: identifier('bak'), kind, takenAt: takenAt.toISOString(), objects: 1, bytes: 1, digest: `sha256:${'ab'.repeat(32)}`, place } });
}
const places = ({ copies, outOfReach = [] }: DeletionStatement): string => JSON.stringify([copies, outOfReach]);

test('a backup that has the parts of a file, and was made before they became one, is named', async () => {
  await backedUp('keys', new Date(), '/before/it');
  const { upload, part } = await uploaded();
  await backedUp('keys', new Date(), '/with/parts.keys');
  await backedUp('data', new Date(), '/with/parts');
  const file = await acknowledged(await assembling(upload, part));
  await control.get('DELETE', `/v1/files/${file}`, { as: principal });
  const named = places(await statementOf(file));
  assert.ok(named.includes('/with/parts.keys') && named.includes('"/with/parts"') && !named.includes('/before/it'), named);
});

test('a backup that was made after the clock was set back is named', async () => {
  const { file } = await stored();
  await backedUp('keys', new Date(Date.now() - 3_600_000), '/an/hour/ago.keys');
  await backedUp('data', new Date(Date.now() - 3_600_000), '/an/hour/ago');
  await control.get('DELETE', `/v1/files/${file}`, { as: principal });
  const named = places(await statementOf(file));
  assert.ok(named.includes('/an/hour/ago.keys') && named.includes('"/an/hour/ago"'), named);
});

test('of a file in a bucket a backup of the data has no bytes, and none are said to be there', async () => {
  const { stores } = control.context;
  const of = stores.of.bind(stores);
  await database.statement(`insert into datastores (id, project_id, name, use, geography, place, credential, created_at, created_by) values ($1, $2, 'bucket', 'sealed', 'europe', $3, 'sealed', now(), 'local')`,
    [identifier('dst'), project, JSON.stringify({ kind: 's3', endpoint: 'https://s3.test', region: 'eu', bucket: 'theirs', prefix: '' })]);
  try {
    stores.of = async () => await Promise.resolve(new FilesystemBlobs(join(database.folder, 'bucket')));
    const { file } = await stored('bucket');
    await backedUp('data', new Date(), '/of/the/data');
    await backedUp('keys', new Date(), '/of/the.keys');
    await control.get('DELETE', `/v1/files/${file}`, { as: principal });
    const named = places(await statementOf(file));
    assert.ok(named.includes('/of/the.keys') && !named.includes('/of/the/data'), named);
  } finally { stores.of = of; }
});

/** Gateways answer with these, one after the other. */
function answering(...outcomes: AttemptOutcome[]): void { control.context.attempts.attempt = async () => await Promise.resolve(outcomes.shift()); }

test('an attempt that was made after the keys were destroyed is not told as one of before', async () => {
  const { attempts, deletions } = control.context;
  const attempt = attempts.attempt.bind(attempts);
  const { file } = await stored();
  try {
    answering('key_unreachable', 'key_unreachable');
    assert.equal(await control.refusal('DELETE', `/v1/files/${file}`, { as: principal }), '503 key_custody_unavailable');
    answering('key_not_found', 'key_not_found');
    await deletions.deleteFile({ kind: 'local_user', id: 'local' }, project, file);
  } finally { attempts.attempt = attempt; }
  const { copies } = await statementOf(file);
  assert.deepEqual([copies[0]?.before, copies[0]?.after], ['key_unreachable', 'key_not_found']);
  // How many held the keys only the first run knew.
  assert.ok(copies.some(({ copy }) => copy === 'released data keys in memory: ended by their lease'), JSON.stringify(copies));
});

test('where an attempt finds keys after they were destroyed, nothing is certified', async () => {
  const { attempts } = control.context;
  const attempt = attempts.attempt.bind(attempts);
  try {
    for (const found of ['opened', 'bytes_missing', 'not_decryptable', 'key_denied', 'key_unreachable'] as const) {
      const { file } = await stored();
      answering('opened', found);
      assert.equal(await control.refusal('DELETE', `/v1/files/${file}`, { as: principal }), '503 key_custody_unavailable', found);
      assert.equal(await control.refusal('GET', `/api/ledger/deletions/${file}`, { as: principal }), '404 deletion_not_found', found);
    }
  } finally { attempts.attempt = attempt; }
});

test('a datastore with an upload that nobody has finished is in use', async () => {
  const datastore = identifier('dst');
  await database.statement(`insert into datastores (id, project_id, name, use, geography, place, credential, created_at, created_by) values ($1, $2, 'waiting', 'sealed', 'europe', '{"kind":"filesystem","path":null}', null, now(), 'local')`, [datastore, project]);
  await control.get('POST', '/v1/uploads', { as: principal, body: { filename: 'a', purpose: 'user_data', bytes: 3, mime_type: 'text/plain', datastore: 'waiting' } });
  assert.equal(await control.refusal('DELETE', '/api/datastores/waiting', { as: principal }), '409 datastore_in_use datastore');
});

test('a project that is deleted while a request waits for custody gets nothing of it', async () => {
  const { custody, projectDeletions } = control.context;
  const [showProjectKeys, mint] = [custody.showProjectKeys.bind(custody), custody.mint.bind(custody)];
  const deletedMeanwhile = async (name: string): Promise<void> => {
    Object.assign(custody, { showProjectKeys, mint });
    await projectDeletions.deleteProject({ kind: 'local_user', id: 'local' }, name);
  };
  await control.pretendPulled('smollm2-135m-instruct');
  for (const [name, begin, path, body] of [
    ['deploys', (): void => { custody.showProjectKeys = async (id) => { const keys = await showProjectKeys(id); await deletedMeanwhile('deploys'); return keys; }; }, '/api/deployments', { kind: 'serverless', name: 'late', model: 'smollm2-135m-instruct' }],
    ['tokens', (): void => { custody.mint = async (prefix) => { await deletedMeanwhile('tokens'); return await mint(prefix); }; }, '/api/tokens', { name: 'late' }],
  ] as const) {
    const { id } = await control.get<{ id: string }>('POST', '/api/projects', { body: { name } });
    begin();
    assert.equal(await control.refusal('POST', path, { as: { ...principal, projectId: id }, body }), '404 project_not_found', name);
    assert.deepEqual(await database.statement('select id from projects where id = $1', [id]), []);
  }
});
