/** A disk that is full, and clients that stop in the middle of a request: nothing of what was refused or broken off stays, and what comes afterwards works. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataLayout } from '#contract/installation.ts';
import { Installation } from '../installation.ts';
import { content, DataClient, Refused } from './data-clients.ts';
import { DataState } from './data-state.ts';

let installation: Installation;
let client: DataClient;
let state: DataState;
let project: string;
let token: string;
const mounts: string[] = [];
/** What could not be mounted here, where that is so. */
let unmountable: string | false = false;

/** A disk of its own, of so many MiB. */
function mount(path: string, size: number): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=700`, 'tmpfs', path]);
  if (status === 0) mounts.push(path); else unmountable = 'this user may not mount a disk';
}

before(async () => {
  installation = await Installation.start();
  const [administrator = ''] = /mk-ad-[\w-]{43}/.exec(installation.output) ?? [];
  ({ token } = await installation.json<{ token: string }>('tokens', 'create', 'load'));
  client = new DataClient(installation, { token, administrator });
  state = new DataState(installation);
  project = await state.sql(async (sql) => (await sql.query<{ id: string }>("select id from projects where name = 'default'")).rows[0]?.id ?? '');
  mount(join(installation.data, dataLayout.objects), 32);
  mount(join(installation.data, dataLayout.keys, 'data', project), 1);
}, { timeout: 120_000 });

after(async () => {
  await installation?.stop();
  for (const path of mounts) spawnSync('umount', ['-l', path]);
  await installation?.remove();
}, { timeout: 120_000 });

const halfOpen: Promise<string>[] = [];

/** Sends the beginning of an upload and then nothing, without leaving. @returns what the server said when it ended the connection */
async function fallsSilent(path: string, field: string): Promise<string> {
  const socket = connect(installation.port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk: Buffer) => { said += chunk.toString('latin1'); }).on('error', () => undefined);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 1000000\r\n\r\n--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n`.replace(/(--b\r\n[^]*)$/, field === 'file' ? '$1' : ''));
  socket.write(Buffer.concat([Buffer.from(`--b\r\ncontent-disposition: form-data; name="${field}"; filename="silent"\r\n\r\n`), Buffer.alloc(100_000)]));
  await new Promise((resolve) => socket.once('close', resolve));
  return said;
}

const writing = async (): Promise<number> => await state.sql(async (sql) => Number((await sql.query<{ n: string }>("select count(*) n from objects where state = 'writing'")).rows[0]?.n));

test('two clients fall silent in the middle of an upload, and of a part', { timeout: 120_000 }, async () => {
  const upload = await client.createUpload(900_000, 'silent');
  halfOpen.push(fallsSilent('/v1/files', 'file'), fallsSilent(`/v1/uploads/${upload}/parts`, 'data'));
  for (const deadline = Date.now() + 50_000; await writing() < 2;) { assert.ok(Date.now() < deadline, 'their uploads have begun'); await sleep(50); }
});

/** What is there beside the uploads of those two clients. */
async function faults(): Promise<string[]> {
  const theirs = await state.sql(async (sql) => (await sql.query<{ id: string }>("select o.id from objects o left join files f on f.object_id = o.id where f.filename = 'silent' or o.kind = 'part' union select id from files where filename = 'silent'")).rows.map(({ id }) => id));
  return (await state.faults()).filter((line) => !theirs.some((id) => line.includes(id)));
}

async function eventuallyNothing(look: () => Promise<string[]>, patience: number): Promise<void> {
  for (const deadline = Date.now() + patience; ;) {
    const found = await look();
    if (found.length === 0) return;
    if (Date.now() > deadline) assert.deepEqual(found, []);
    await sleep(200);
  }
}

const mountable = (t: { skip(reason: string): void }): boolean => { if (unmountable !== false) t.skip(unmountable); return unmountable === false; };

test('the disk of the sealed bytes is full: the upload is refused, nothing of it stays, and a small one is taken', { timeout: 120_000 }, async (t) => {
  if (!mountable(t)) return;
  const kept = await client.upload(content(1_000_000));
  await assert.rejects(client.upload(content(40 * 2 ** 20)), (error) => error instanceof Refused && error.status === 507 && error.code === 'storage_full');
  await eventuallyNothing(faults, 10_000);
  const small = await client.upload(content(1_000_000));
  for (const file of [kept, small]) assert.equal(await client.digest(file), client.journal.stored.get(file));
  await client.delete(kept);
  await eventuallyNothing(faults, 10_000);
});

test('the disk of the keys is full: uploads are refused for a while, a rotation waits, a deletion works, and with room everything goes on by itself', { timeout: 120_000 }, async (t) => {
  if (!mountable(t)) return;
  const [first, second] = [await client.upload(content(1000)), await client.upload(content(1000))];
  const folder = join(installation.data, dataLayout.keys, 'data', project);
  const filler = join(folder, 'filler');
  const { bavail, bsize } = statfsSync(folder);
  try { writeFileSync(filler, Buffer.alloc(bavail * bsize)); } catch { /* as much as there is room for */ }
  await assert.rejects(client.upload(content(1000)), (error) => error instanceof Refused && error.status >= 500);
  await client.rotate().catch(() => undefined);
  await client.delete(second);
  assert.equal(await client.digest(first), client.journal.stored.get(first));
  rmSync(filler);
  await eventuallyNothing(faults, 30_000);
  assert.equal(await client.digest(first), client.journal.stored.get(first));
});

test('the clients that fell silent are told so and disconnected, and nothing of theirs stays', { timeout: 150_000 }, async () => {
  for (const said of await Promise.all(halfOpen)) assert.match(said, /^HTTP\/1\.1 408 /);
  await eventuallyNothing(() => state.faults(), 30_000);
});
