/** Storage that takes a connection and never answers is its own project's affair: what others deleted, cancelled or left behind goes all the same. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { sockets } from '#contract/installation.ts';
import { identifier } from '../identity/identifier.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { closeDataParts, dataParts, startDataParts } from '../server/data-parts.ts';
import type { DataParts } from '../server/data-parts.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
let silent: Server;
const connections = new Set<Socket>();
let parts: DataParts;
before(async () => {
  database = await startDatabase(undefined);
  control = await ControlUnderTest.start(database);
  silent = createServer((socket) => { connections.add(socket); socket.on('error', () => undefined); }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
}, { timeout: 60_000 });
after(async () => {
  closeDataParts(parts);
  for (const socket of connections) socket.destroy();
  silent.close();
  await control.stop();
  await database.stop();
});

async function seal(project: string, id: string, secret: object): Promise<string> {
  const order = await control.context.credentials.order('seal_secret', { id, project_id: project }, { kind: 'local_user', id: 'local' }, null);
  const client = new Client('http://custody', { socketPath: join(database.folder, 'run', sockets.custody) });
  try { return ((await (await client.request({ path: '/seal-secret', method: 'POST', body: JSON.stringify({ order, secret: JSON.stringify(secret) }) })).body.json()) as { sealed: string }).sealed; } finally { await client.close(); }
}

/** A project with a cancelled upload, something left behind, and a file whose deletion has begun; all in storage at `endpoint`, or in its folder. */
async function project(name: string, endpoint?: string): Promise<string> {
  const { id } = await control.get<{ id: string }>('POST', '/api/projects', { body: { name } });
  const [datastore, upload, file, part, left, deleted] = [identifier('dst'), identifier('upl'), identifier('fil'), identifier('obj'), identifier('obj'), identifier('obj')];
  const place = endpoint === undefined ? { kind: 'filesystem', path: null } : { kind: 's3', endpoint, region: 'eu', bucket: 'silent', prefix: '' };
  const credential = endpoint === undefined ? null : await seal(id, datastore, { accessKeyId: 'a', secretAccessKey: 'b' });
  await database.statement("insert into datastores (id, project_id, name, use, geography, place, credential, created_at, created_by) values ($1, $2, 'store', 'sealed', 'europe', $3, $4, now(), 'local')", [datastore, id, JSON.stringify(place), credential]);
  for (const [object, kind, state] of [[part, 'part', 'stored'], [left, 'file', 'writing'], [deleted, 'file', 'stored']]) await database.statement('insert into objects values ($1, $2, $3, $4, $5, 1, now())', [object, id, datastore, kind, state]);
  await database.statement("insert into uploads values ($1, $2, $3, 'a', 'user_data', 1, 'text/plain', 'cancelled', null, now(), 'local', now())", [upload, id, datastore]);
  await database.statement('insert into upload_parts values ($1, $2, $3, 1, now())', [identifier('prt'), upload, part]);
  await database.statement("insert into files (id, project_id, datastore_id, object_id, filename, purpose, state, created_at, created_by) values ($1, $2, $3, $4, 'a', 'user_data', 'deleting', now(), 'local')", [file, id, datastore, deleted]);
  await database.statement("insert into deletions (object, project_id, object_id, actor_kind, actor_id, started_at) values ($1, $2, $3, 'local_user', 'local', now())", [file, id, deleted]);
  return id;
}
const objectsOf = async (id: string): Promise<unknown[]> => await database.statement('select id, kind, state from objects where project_id = $1', [id]);

test('at the start: what is left of one project is done while another waits for its storage, and that project can be deleted', { timeout: 120_000 }, async () => {
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const hung: string[] = [];
  for (let n = 0; n < 5; n++) hung.push(await project(`hung-${n}`, endpoint));
  const other = await project('other');
  parts = dataParts(database.storage, control.context.custody, control.context.config);
  startDataParts(parts, async () => { /* nobody follows */ });
  for (const deadline = Date.now() + 10_000; (await objectsOf(other)).length > 0 && Date.now() < deadline;) await sleep(50);
  assert.deepEqual(await objectsOf(other), []);
  for (const id of hung) assert.equal((await objectsOf(id)).length, 3, 'it waits');
  await parts.projectDeletions.deleteProject({ kind: 'local_user', id: 'local' }, 'other');
  assert.deepEqual(await database.statement('select id from projects where id = $1', [other]), []);
});
