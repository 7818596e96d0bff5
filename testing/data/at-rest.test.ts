/** P15: nothing of a file is on the disk but ciphertext, at no moment, and what was not acknowledged leaves nothing behind. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { dataLayout } from '#contract/installation.ts';
import { dumpTables, embeddedUrl, flush } from '#control/storage/dump.ts';
import { descendants, searchFolder, searchProcesses, searchText } from '../canary/search.ts';
import type { Hit } from '../canary/search.ts';
import { Installation } from '../installation.ts';
import { filesBelow, inventory, rows, settled, until } from './at-rest.ts';
import { accepted, Caller, chatRows } from './caller.ts';

const started = Date.now();
const canary = `canary${randomBytes(12).toString('hex')}`;
const text = chatRows(canary, 2e6);
let installation: Installation;
let caller: Caller;
/** Files and parts that are there to stay. */
let kept = 0;
before(async () => {
  installation = await Installation.start();
  caller = await Caller.operatorsToken(installation, 'at-rest');
}, { timeout: 150_000 });
after(async () => { await caller?.close(); await installation?.remove(); });

async function everywhere(needle: string): Promise<Hit[]> {
  await flush(embeddedUrl(installation.run));
  const dumped: Hit[] = [];
  const tables = await dumpTables(embeddedUrl(installation.run), (table, row) => { if (!table.startsWith('pg_catalog.')) dumped.push(...searchText(table, row, needle)); });
  assert.ok(tables.some(({ name, rows: count }) => name === 'public.objects' && count > 0));
  return [
    ...searchFolder(installation.data, needle).hits, ...searchFolder(installation.run, needle).hits, ...searchFolder(tmpdir(), needle, started).hits, ...searchFolder('/dev/shm', needle, started).hits,
    ...dumped, ...searchText('terminal', installation.output, needle), ...searchProcesses(descendants(await installation.supervisorPid()), needle),
  ];
}

/** A request whose body ends where the caller wants, or never. */
function begin(path: string, head: string, announced: number): { send: (text: string) => Promise<void>; cut: () => void } {
  const socket = connect(installation.port, '127.0.0.1').on('error', () => undefined);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${caller.headers['authorization'] ?? ''}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${announced}\r\n\r\n${head}`);
  return { send: async (bytes) => { if (!socket.write(bytes)) await new Promise((resolve) => socket.once('drain', resolve)); }, cut: () => socket.destroy() };
}
const purposeField = '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n';
const fileField = (name: string): string => `--b\r\ncontent-disposition: form-data; name="${name}"; filename="rows.jsonl"\r\n\r\n`;
const unfinished = (): string[] => filesBelow(join(installation.data, dataLayout.objects)).filter((path) => path.endsWith('.writing'));

test('plain, in parts, cancelled, refused: what is kept is kept, and nothing else', { timeout: 120_000 }, async () => {
  const file = await caller.stored(text, { purpose: 'fine-tune', filename: 'rows.jsonl' });
  kept++;
  assert.equal((await caller.content(file.id)).bytes.toString(), text);

  const upload = await caller.begin(Buffer.byteLength(text) * 2, { purpose: 'fine-tune' });
  const parts = [await caller.part(upload.id, text), await caller.part(upload.id, text)];
  accepted(await caller.complete(upload.id, parts.map(({ id }) => id)));
  kept++;

  const cancelled = await caller.begin(100);
  await caller.part(cancelled.id, text);
  accepted(await caller.cancel(cancelled.id));

  const refused = await caller.upload(`${text}{"messages": "${canary}"}\n`, { purpose: 'fine-tune' });
  assert.equal(refused.code, 'file_rows_invalid');
  assert.ok(!refused.bytes.includes(canary), 'a refusal does not quote the row');

  const wrong = await caller.begin(Buffer.byteLength(text) + 20, { purpose: 'fine-tune' });
  const spoilt = await caller.part(wrong.id, `${text}{"${canary}": "12"}\n`.slice(0, Buffer.byteLength(text) + 20));
  const answer = await caller.complete(wrong.id, [spoilt.id]);
  assert.ok(answer.status >= 400 && !answer.bytes.includes(canary));
  accepted(await caller.cancel(wrong.id));
  await settled(installation, kept);
});

for (const [what, path, head] of [['a file', '/v1/files', purposeField + fileField('file')], ['a file whose purpose comes last', '/v1/files', fileField('file')], ['a part', undefined, fileField('data')]] as const) {
  test(`${what}: nothing but ciphertext while it arrives; cut half-way, neither bytes nor key nor row is left`, { timeout: 120_000 }, async () => {
    const upload = path === undefined ? await caller.begin(1e7) : undefined;
    const sending = begin(path ?? `/v1/uploads/${upload?.id ?? ''}/parts`, head, 1e7);
    await sending.send(text);
    await until('sealed bytes arrive', () => unfinished().length > 0);
    await sending.send(text);
    await sleep(200);
    assert.deepEqual(await everywhere(canary), []);
    const during = await inventory(installation);
    assert.equal(during.keys.length, kept + 1);
    sending.cut();
    await settled(installation, kept);
    if (upload) accepted(await caller.cancel(upload.id));
    assert.equal((await rows(installation, 'select 1 from files where state <> $1', ['ready'])).length, 0);
    assert.equal((await rows(installation, 'select 1 from upload_parts')).length, 0);
  });
}

test('afterwards the canary is nowhere', { timeout: 120_000 }, async () => { assert.deepEqual(await everywhere(canary), []); });

test('a name is in the database, as the data map has it, and in no log', async () => {
  const named = `named${randomBytes(12).toString('hex')}`;
  await caller.stored('x', { filename: `${named}.txt` });
  assert.deepEqual(searchFolder(join(installation.data, dataLayout.logs), named).hits, []);
  assert.deepEqual(searchText('terminal', installation.output, named), []);
});

test('the same search finds what was planted: in a file, in the database, on the terminal', { timeout: 120_000 }, async () => {
  const planted = `planted${randomBytes(12).toString('hex')}`;
  appendFileSync(join(installation.data, dataLayout.objects, 'planted'), `${'.'.repeat(5000)}${planted}`);
  const client = new pg.Client({ connectionString: embeddedUrl(installation.run) });
  await client.connect();
  await client.query('create table planted (value text)');
  await client.query('insert into planted values ($1)', [planted]);
  await client.end();
  installation.output += planted;
  const places = (await everywhere(planted)).map(({ place }) => place);
  for (const place of [/objects\/planted/, /public\.planted/, /postgres\//, /terminal/]) assert.ok(places.some((each) => place.test(each)), `${String(place)} in ${places.join()}`);
});
