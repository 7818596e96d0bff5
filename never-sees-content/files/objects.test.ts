/** A sealed object is acknowledged and there, or refused and gone with its keys: whatever comes at the same moment. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { sockets } from '#contract/installation.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { FilesystemBlobs } from '../datastores/blobs/filesystem.ts';
import { identifier } from '../identity/identifier.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import type { Objects } from './objects.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
let objects: Objects;
let project: string;
before(async () => {
  database = await startDatabase(undefined);
  control = await ControlUnderTest.start(database);
  objects = control.context.objects;
  project = String((await database.statement("select id from projects where name = 'default'"))[0]?.['id']);
}, { timeout: 60_000 });
after(async () => { await control.stop(); await database.stop(); });

const recipient = Buffer.alloc(32, 9).toString('base64');
const begin = async (datastore?: string): ReturnType<Objects['begin']> =>
  await objects.begin({ principal: { kind: 'project_token', id: 'tok_1', projectId: project, deploymentId: null }, recipient, what: { kind: 'file', filename: 'a', purpose: 'user_data', ...(datastore === undefined ? {} : { datastore }) } });

/** As the gateway asks for it. @returns the status */
async function createKeys(order: SignedOrder): Promise<number> {
  const client = new Client('http://custody', { socketPath: join(database.folder, 'run', sockets.custody) });
  try {
    const { statusCode, body } = await client.request({ path: '/create-data-keys', method: 'POST', body: JSON.stringify({ order }) });
    await body.dump();
    return statusCode;
  } finally { await client.close(); }
}

/** What there is of an object. */
async function traces(object: string): Promise<string[]> {
  const data = join(database.folder, 'data');
  const blobs = join(data, 'objects', project);
  const row = await database.statement("select o.state || ' ' || f.state as state from objects o join files f on f.object_id = o.id where o.id = $1", [object]);
  return [
    ...row.map(({ state }) => String(state)), ...(existsSync(join(data, 'keys/data', project, `${object}.json`)) ? ['keys'] : []),
    ...(existsSync(blobs) ? readdirSync(blobs).filter((name) => name.startsWith(object)).map((name) => name.replace(object, 'bytes')) : []),
  ];
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream, as the socket gives it
async function* bytes(): AsyncGenerator<Buffer> { yield Buffer.alloc(1000); }

test('given up at the moment in which it is acknowledged: one of the two, and wholly', async () => {
  const outcomes = new Set<string>();
  for (let i = 0; i < 30; i++) {
    const { sealedAs: { object }, order } = await begin();
    assert.equal(await createKeys(order), 200);
    await objects.store(object, bytes());
    const first = i % 3 === 0 ? objects.abandon(object) : undefined;
    const commit = objects.commit({ object, bytes: 900, rows: null }).then(() => 'acknowledged', (error: unknown) => (error as { code: string }).code);
    if (i % 3 === 2) await sleep(Math.random() * 3);
    await Promise.all([first, objects.abandon(object)]);
    const outcome = await commit;
    outcomes.add(outcome);
    assert.deepEqual(await traces(object), outcome === 'acknowledged' ? ['stored ready', 'keys', 'bytes'] : []);
  }
  assert.deepEqual([...outcomes].sort(), ['acknowledged', 'file_not_found']);
});

test('given up while its bytes arrive: nothing stays', async () => {
  const { sealedAs: { object }, order } = await begin();
  await createKeys(order);
  const [more, given] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const slow = async function* (): AsyncGenerator<Buffer> { yield Buffer.alloc(10); given.resolve(undefined); await more.promise; yield Buffer.alloc(10); };
  const storing = objects.store(object, slow());
  await given.promise;
  await objects.abandon(object);
  more.resolve(undefined);
  await assert.rejects(storing);
  assert.deepEqual(await traces(object), []);
});

test('given up before its keys are made: the order comes too late', async () => {
  const { sealedAs: { object }, order } = await begin();
  await objects.abandon(object);
  assert.equal(await createKeys(order), 409);
  assert.deepEqual(await traces(object), []);
});

test('a drill: what was unfinished when the backup was made loses its keys in the restored installation, and its bytes in a bucket stay for the one that lives', async () => {
  const { stores, storage } = control.context;
  const of = stores.of.bind(stores);
  const bucket = join(database.folder, 'bucket');
  await database.statement(`insert into datastores (id, project_id, name, use, geography, place, credential, created_at, created_by) values ($1, $2, 'bucket', 'sealed', 'europe', $3, 'sealed', now(), 'local')`,
    [identifier('dst'), project, JSON.stringify({ kind: 's3', endpoint: 'https://s3.test', region: 'eu', bucket: 'theirs', prefix: '' })]);
  const unfinished = async (datastore?: string): Promise<string> => {
    const { sealedAs: { object }, order } = await begin(datastore);
    assert.equal(await createKeys(order), 200);
    await objects.store(object, bytes());
    return object;
  };
  try {
    stores.of = async (row) => await (row.place.kind === 's3' ? Promise.resolve(new FilesystemBlobs(bucket)) : of(row));
    const [before, here] = [await unfinished('bucket'), await unfinished()];
    await storage.transact({ kind: 'local_user', id: 'local' }, async () => await Promise.resolve({ result: undefined, entry: {
      kind: 'installation.restored', object: identifier('rst'), projectId: null, facts: { backupDigest: `sha256:${'ab'.repeat(32)}`, takenAt: new Date().toISOString(), restoredFrom: 'modelkeep/prj_1', restoredSize: 0, restoredRoot: null },
    } }));
    const since = await unfinished('bucket');
    for (const object of [before, here, since]) {
      await objects.abandon(object);
      assert.deepEqual(await traces(object), []);
    }
    assert.deepEqual(readdirSync(bucket), [before]);
  } finally { stores.of = of; }
});
