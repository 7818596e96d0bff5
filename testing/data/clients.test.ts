/** Unmodified SDKs on the Files and Uploads APIs, as OpenAI and as Azure, and what HTTP promises of a download. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import OpenAI, { APIError, AzureOpenAI, toFile } from 'openai';
import { pythonSdk } from '../clients/python-sdk.ts';
import { command, Installation } from '../installation.ts';
import { Caller, chatRows } from './caller.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-data-'));
let installation: Installation;
let key: string;
let caller: Caller;
before(async () => {
  installation = await Installation.start();
  ({ token: key } = await installation.json<{ token: string }>('tokens', 'create', 'sdk'));
  caller = Caller.withKey(installation, key);
}, { timeout: 150_000 });
after(async () => { await caller?.close(); await installation?.remove(); rmSync(folder, { recursive: true, force: true }); });

const openai = (): OpenAI => new OpenAI({ baseURL: `${installation.origin}/v1`, apiKey: key, maxRetries: 0 });
const azure = (apiVersion: string): AzureOpenAI => new AzureOpenAI({ endpoint: installation.origin, apiKey: key, apiVersion, maxRetries: 0 });
const azureNext = (): OpenAI => new OpenAI({ baseURL: `${installation.origin}/openai/v1`, apiKey: key, maxRetries: 0, defaultQuery: { 'api-version': 'preview' } });
const refusedAs = (status: number, code: string) => (error: unknown): boolean => error instanceof APIError && error.status === status && error.code === code && String(error.requestID).startsWith('req_');
const downloaded = async (client: OpenAI, id: string): Promise<Buffer> => Buffer.from(await (await client.files.content(id)).arrayBuffer());

for (const [name, client] of [['OpenAI', openai], ['AzureOpenAI', () => azure('2024-10-21')], ['OpenAI at /openai/v1', azureNext]] as const) {
  describe(name, () => {
    test('a file from a stream: made, shown, listed, read, deleted, gone', async () => {
      const path = join(folder, 'rows.jsonl');
      const rows = chatRows(`by ${name}`, 3e5);
      writeFileSync(path, rows);
      const made = await client().files.create({ file: createReadStream(path), purpose: 'fine-tune' });
      assert.partialDeepStrictEqual(made, { object: 'file', bytes: Buffer.byteLength(rows), filename: 'rows.jsonl', purpose: 'fine-tune', status: 'processed' });
      assert.deepEqual({ ...await client().files.retrieve(made.id) }, { ...made });
      assert.ok((await client().files.list()).data.some(({ id }) => id === made.id));
      assert.ok((await downloaded(client(), made.id)).equals(Buffer.from(rows)));
      assert.partialDeepStrictEqual(await client().files.delete(made.id), { id: made.id, object: 'file', deleted: true });
      for (const gone of [() => client().files.retrieve(made.id), () => client().files.content(made.id)]) await assert.rejects(gone, refusedAs(404, 'file_not_found'));
    });

    test('an upload in parts, in another order than they came', async () => {
      const bytes = randomBytes(700_000);
      const upload = await client().uploads.create({ bytes: bytes.length, filename: 'parts.bin', mime_type: 'application/octet-stream', purpose: 'user_data' });
      const later = await client().uploads.parts.create(upload.id, { data: await toFile(bytes.subarray(300_000), 'later') });
      const first = await client().uploads.parts.create(upload.id, { data: await toFile(bytes.subarray(0, 300_000), 'first') });
      const done = await client().uploads.complete(upload.id, { part_ids: [first.id, later.id] });
      assert.equal(done.status, 'completed');
      assert.ok((await downloaded(client(), done.file?.id ?? '')).equals(bytes));
      await assert.rejects(() => client().uploads.parts.create(upload.id, { data: new Blob(['x']) as never }), (error) => error instanceof APIError);
    });

    test('an upload given up', async () => {
      const upload = await client().uploads.create({ bytes: 10, filename: 'parts.bin', mime_type: 'text/plain', purpose: 'user_data' });
      await client().uploads.parts.create(upload.id, { data: await toFile(Buffer.from('12345'), 'part') });
      assert.equal((await client().uploads.cancel(upload.id)).status, 'cancelled');
      await assert.rejects(() => client().uploads.complete(upload.id, { part_ids: ['prt_00000000000000000000000000'] }), refusedAs(409, 'upload_closed'));
    });

    test('parts of which no file can be made are not taken for ever', async () => {
      const upload = await client().uploads.create({ bytes: 10, filename: 'parts.bin', mime_type: 'text/plain', purpose: 'user_data' });
      const part = async () => await client().uploads.parts.create(upload.id, { data: await toFile(Buffer.from('1234567890'), 'part') });
      await part();
      const [again] = [await part(), await part()];
      await assert.rejects(part, refusedAs(400, 'upload_parts_exceed'));
      assert.equal((await client().uploads.complete(upload.id, { part_ids: [again.id] })).status, 'completed');
    });

    test('a wrong row is told by its line and why, and the row is not quoted', async () => {
      const rows = `${chatRows('good')}{"messages":"secret words"}\n`;
      await assert.rejects(() => client().files.create({ file: new File([rows], 'rows.jsonl'), purpose: 'fine-tune' }), (error) => {
        assert.ok(refusedAs(400, 'file_rows_invalid')(error) && error instanceof APIError);
        assert.partialDeepStrictEqual(error.error, { rows: [{ line: 2, reason: 'messages_invalid' }] });
        assert.ok(!JSON.stringify(error.error).includes('secret words'));
        return true;
      });
    });
  });
}

test('a list in pages has every file once, newest first; by purpose it has those alone', async () => {
  const made: string[] = [];
  for (let n = 0; n < 5; n++) made.push((await openai().files.create({ file: new File([`page ${n}`], `page-${n}.txt`), purpose: n === 0 ? 'assistants' : 'user_data' })).id);
  const found: string[] = [];
  for await (const { id } of openai().files.list({ limit: 2 })) found.push(id);
  assert.equal(new Set(found).size, found.length);
  assert.deepEqual(found.filter((id) => made.includes(id)), [...made].reverse());
  const oldest: string[] = [];
  for await (const { id } of openai().files.list({ limit: 2, order: 'asc' })) oldest.push(id);
  assert.deepEqual(oldest, [...found].reverse());
  const ofPurpose = await openai().files.list({ purpose: 'assistants' });
  assert.deepEqual(ofPurpose.data.map(({ id }) => id), made.slice(0, 1));
});

for (const filename of ['Zeilen – für Ünïcode 文件 🙂.jsonl', 'a "quoted" name.txt', 'per%20cent & semi;colon\'s.txt']) {
  test(`the name ${filename} comes back as it was`, async () => {
    const file = await openai().files.create({ file: new File(['x'], filename), purpose: 'user_data' });
    assert.equal((await openai().files.retrieve(file.id)).filename, filename);
    const { headers } = await caller.content(file.id);
    const [, encoded = ''] = /^attachment; filename\*=UTF-8''([\w.!#$&+^`|~%-]+)$/.exec(String(headers['content-disposition'])) ?? [];
    assert.equal(decodeURIComponent(encoded), filename);
  });
}

describe('empty', () => {
  for (const purpose of ['user_data', 'assistants'] as const) {
    test(`a file of no bytes for ${purpose} is a file`, async () => {
      const file = await openai().files.create({ file: new File([], 'empty'), purpose });
      assert.equal(file.bytes, 0);
      const { status, bytes, whole } = await caller.content(file.id);
      assert.deepEqual([status, bytes.length, whole], [200, 0, true]);
      assert.equal((await caller.content(file.id, { range: 'bytes=0-0' })).code, 'range_not_satisfiable');
    });
  }
  test('one without rows is nothing to train on', async () => {
    await assert.rejects(() => openai().files.create({ file: new File([], 'empty.jsonl'), purpose: 'fine-tune' }), refusedAs(400, 'file_rows_invalid'));
  });
});

describe('a part of a file', () => {
  const bytes = randomBytes(600_000);
  let id: string;
  let etag: string;
  before(async () => {
    ({ id } = await caller.stored(bytes));
    const whole = await caller.content(id);
    etag = String(whole.headers['etag']);
    assert.deepEqual([whole.status, whole.headers['accept-ranges'], Number(whole.headers['content-length'])], [200, 'bytes', bytes.length]);
  });
  for (const [range, start, end] of [
    ['bytes=0-0', 0, 1], ['bytes=262143-262144', 262_143, 262_145], ['bytes=100000-', 100_000, 600_000], ['bytes=-5', 599_995, 600_000], ['bytes=599999-9999999', 599_999, 600_000], ['bytes=-9999999', 0, 600_000],
  ] as const) {
    test(range, async () => {
      const answer = await caller.content(id, { range });
      assert.equal(answer.status, 206);
      assert.ok(answer.bytes.equals(bytes.subarray(start, end)));
      assert.equal(answer.headers['content-range'], `bytes ${start}-${end - 1}/600000`);
    });
  }
  for (const range of ['bytes=600000-', 'bytes=700000-700001', 'bytes=-0']) {
    test(`${range} lies outside`, async () => {
      const answer = await caller.content(id, { range });
      assert.deepEqual([answer.status, answer.code], [416, 'range_not_satisfiable']);
      assert.equal(answer.headers['content-range'], 'bytes */600000');
    });
  }
  for (const range of ['bytes=0-1,4-5', 'lines=1-2', 'bytes=5-1', 'bytes=x-y']) {
    test(`${range} is answered with the whole`, async () => {
      const answer = await caller.content(id, { range });
      assert.ok(answer.status === 200 && answer.bytes.equals(bytes));
    });
  }
  test('only of the file that is meant', async () => {
    assert.equal((await caller.content(id, { range: 'bytes=0-9', 'if-range': etag })).bytes.length, 10);
    const other = await caller.content(id, { range: 'bytes=0-9', 'if-range': '"another"' });
    assert.deepEqual([other.status, other.bytes.length], [200, bytes.length]);
  });
  test('HEAD is not offered: the size is in what is told of the file', async () => {
    const { status, bytes: said } = await caller.ask('HEAD', `/v1/files/${id}/content`);
    assert.deepEqual([status, said.length], [404, 0]);
  });
});

const script = `
import os, openai, tempfile
base, key = os.environ["BASE"], os.environ["KEY"]
rows = os.environ["ROWS"].encode()
for client in (openai.OpenAI(base_url=base + "/v1", api_key=key, max_retries=0), openai.AzureOpenAI(azure_endpoint=base, api_key=key, api_version="2024-10-21", max_retries=0)):
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(rows); file.flush()
        made = client.files.create(file=open(file.name, "rb"), purpose="fine-tune")
    assert made.bytes == len(rows) and client.files.retrieve(made.id).id == made.id
    assert client.files.content(made.id).read() == rows
    assert made.id in [each.id for each in client.files.list(limit=2)]
    assert client.files.delete(made.id).deleted
    upload = client.uploads.create(bytes=6, filename="parts.txt", mime_type="text/plain", purpose="user_data")
    parts = [client.uploads.parts.create(upload.id, data=data).id for data in (b"abc", b"def")]
    done = client.uploads.complete(upload.id, part_ids=parts)
    assert client.files.content(done.file.id).read() == b"abcdef"
    given_up = client.uploads.create(bytes=6, filename="parts.txt", mime_type="text/plain", purpose="user_data")
    assert client.uploads.cancel(given_up.id).status == "cancelled"
    try:
        client.files.create(file=("rows.jsonl", b"no row\\n"), purpose="fine-tune"); raise SystemExit("no error")
    except openai.BadRequestError as error:
        assert error.code == "file_rows_invalid" and error.body["rows"] == [{"line": 1, "reason": "not_json"}], error.body
whole = openai.OpenAI(base_url=base + "/v1", api_key=key, max_retries=0).uploads.upload_file_chunked(file=b"x" * 100_000, filename="chunked.txt", bytes=100_000, mime_type="text/plain", purpose="user_data", part_size=30_000)
assert whole.status == "completed" and whole.file.bytes == 100_000
print("python is content")
`;
test('openai for Python: files and uploads, OpenAI and Azure, chunked uploads, errors', { timeout: 120_000 }, async (t) => {
  const sdk = await pythonSdk();
  t.after(() => sdk.remove());
  if (sdk.missing !== false) { t.skip(sdk.missing); return; }
  const outcome = await command(sdk.python, ['-c', script], { BASE: installation.origin, KEY: key, ROWS: chatRows('by Python', 3e5).slice(0, 100_000).replace(/[^\n]*$/, '') });
  assert.match(outcome.stdout, /python is content/, outcome.stderr);
});
