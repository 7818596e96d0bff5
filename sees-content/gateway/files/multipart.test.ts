import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, mock, test } from 'node:test';
import fc from 'fast-check';
import OpenAI, { AzureOpenAI, toFile } from 'openai';
import type { FilePurpose } from '#contract/http/files.ts';
import { errorBody, GatewayError, publicError } from '../gateway-error.ts';
import { readForm } from './multipart.ts';
import type { FormLimits } from './multipart.ts';
import { RowCheck } from './rows/row-check.ts';

const boundary = 'b0undary';
const part = (disposition: string, value: string, more = ''): string => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n${value}\r\n`;
const purpose = part('name="purpose"', 'fine-tune');
const file = (value: string, named = 'filename="rows.jsonl"'): string => part(`name="file"; ${named}`, value, 'Content-Type: application/octet-stream\r\n');
const form = (...parts: string[]): string => `${parts.join('')}--${boundary}--\r\n`;

/** A body as a server has it. */
function incoming(body: string | Buffer, sizes: readonly number[] = [], type = `multipart/form-data; boundary=${boundary}`): IncomingMessage {
  const bytes = Buffer.from(body);
  const request = new Readable({ read: () => undefined });
  let at = 0;
  for (const size of [...sizes, bytes.length]) { if (at < bytes.length) request.push(bytes.subarray(at, at + size)); at += size; }
  request.push(null);
  return Object.assign(request, { headers: { 'content-type': type } }) as unknown as IncomingMessage;
}

interface Taken { filename: string; before: string[]; content: string; fields: Record<string, string> }
async function taken(request: IncomingMessage, limits: FormLimits = { fileBytes: 1e6 }): Promise<Taken> {
  const upload = await readForm(request, limits);
  const chunks: Buffer[] = [];
  for await (const chunk of upload.file) chunks.push(chunk);
  return { filename: upload.filename, before: Object.keys(upload.before), content: Buffer.concat(chunks).toString(), fields: { ...await upload.fields } };
}
const outcome = async (request: IncomingMessage, limits?: FormLimits): Promise<Taken | string> => taken(request, limits).catch((error: unknown) => {
  if (!(error instanceof GatewayError)) throw error;
  return `${error.code} ${error.param}`;
});

describe('a form', () => {
  test('has its fields before or after the file', async () => {
    const expected = { filename: 'rows.jsonl', content: '{}\r\n{}\n', fields: { purpose: 'fine-tune', 'expires_after[anchor]': 'created_at' } };
    const expires = part('name="expires_after[anchor]"', 'created_at');
    assert.deepEqual(await taken(incoming(form(purpose, expires, file('{}\r\n{}\n')))), { ...expected, before: ['purpose', 'expires_after[anchor]'] });
    assert.deepEqual(await taken(incoming(form(file('{}\r\n{}\n'), purpose, expires))), { ...expected, before: [] });
    assert.deepEqual(await taken(incoming(form(purpose, file('{}\r\n{}\n'), expires))), { ...expected, before: ['purpose'] });
  });

  test('is the same however it is cut', async () => {
    const content = fc.array(fc.constantFrom('\r', '\n', '\r\n', '--', `\r\n--${boundary.slice(0, -1)}`, `--${boundary}`, `\r\n-${boundary}`, 'x', '\0', 'é'), { maxLength: 30 }).map((parts) => parts.join('')).filter((value) => !value.includes(`\r\n--${boundary}`));
    await fc.assert(fc.asyncProperty(content, fc.boolean(), fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 }), async (value, first, sizes) => {
      const body = form(...(first ? [purpose, file(value)] : [file(value), purpose]));
      const expected = { filename: 'rows.jsonl', content: value, fields: { purpose: 'fine-tune' }, before: first ? ['purpose'] : [] };
      assert.deepEqual(await taken(incoming(body, sizes)), expected);
      assert.deepEqual(await taken(incoming(body, Array.from(body, () => 1))), expected);
    }));
  });

  test('may have an empty file, a quoted boundary, and no line after its end', async () => {
    const { content } = await taken(incoming(form(purpose, file('')).slice(0, -2), [], `Multipart/Form-Data; charset=utf-8; boundary="${boundary}"`));
    assert.equal(content, '');
  });

  test('of an upload\'s part has its data under that name', async () => {
    assert.equal((await taken(incoming(form(part('name="data"; filename="upload"', 'abc'))), { fileBytes: 10, file: 'data' })).content, 'abc');
    assert.equal(await outcome(incoming(form(file('abc'))), { fileBytes: 10, file: 'data' }), 'invalid_multipart data');
  });
});

describe('the name of a file', () => {
  const names: Record<string, [header: string, name: string]> = {
    'in UTF-8': ['filename="naïve 文.jsonl"', 'naïve 文.jsonl'],
    'as browsers write a quotation mark': ['filename="a %22b%22.jsonl"', 'a "b".jsonl'],
    'as others write one': ['filename="a \\"b\\".jsonl"', 'a "b".jsonl'],
    'as RFC 5987 has it, which is the better one': ['filename="EUR.jsonl"; filename*=UTF-8\'de\'%e2%82%ac.jsonl', '€.jsonl'],
    'without the folders before it': ['filename="../../etc/rows.jsonl"', 'rows.jsonl'],
    'without the folders of the other system': ['filename="C:\\data\\rows.jsonl"', 'rows.jsonl'],
    'without encoded folders': ['filename*=UTF-8\'\'..%2F..%2Frows.jsonl', 'rows.jsonl'],
    'without quotation marks around it': ['filename=rows.jsonl', 'rows.jsonl'],
  };
  for (const [how, [header, name]] of Object.entries(names)) test(how, async () => assert.equal((await taken(incoming(form(file('', header))))).filename, name));

  test('is refused where it is missing, empty, too long, a folder, or has control characters', async () => {
    for (const header of ['x=y', 'filename=""', 'filename="a/"', 'filename=".."', `filename="${'x'.repeat(513)}"`, 'filename*=UTF-8\'\'a%0ab', 'filename*=UTF-8\'\'a%00b', 'filename*=UTF-8\'\'%ff', 'filename*=latin1\'\'a']) {
      assert.equal(await outcome(incoming(form(purpose, file('', header)))), 'invalid_multipart file', header);
    }
    assert.equal(await outcome(incoming(form(purpose, part('name="file"', 'text')))), 'invalid_multipart file');
  });
});

describe('a body that is no such form is refused, and never a shorter file', () => {
  const whole = form(purpose, file('content'), part('name="x"', '1'));
  test('wherever it breaks off', async () => {
    // Only the newline after the end may be missing.
    for (let end = 0; end < whole.length - 2; end++) {
      for (const sizes of [[], Array.from({ length: end }, () => 1)]) assert.match(String(await outcome(incoming(whole.slice(0, end), sizes))), /^invalid_multipart/);
    }
  });

  const bodies: Record<string, [body: string | Buffer, param: string | null]> = {
    'an empty one': ['', null],
    'without a file': [form(purpose), 'file'],
    'of no parts': [form(), 'file'],
    'with two files': [form(file('a'), file('b')), 'file'],
    'with a file of another name': [form(part('name="image"; filename="a"', '')), 'file'],
    'with a field twice': [form(purpose, purpose, file('')), null],
    'with a field twice, once behind the file': [form(purpose, file(''), purpose), null],
    'with a huge field': [form(part('name="purpose"', 'x'.repeat(4097)), file('')), null],
    'with eleven fields': [form(...Array.from({ length: 11 }, (_, i) => part(`name="f${i}"`, '')), file('')), null],
    'with a field of a huge name': [form(part(`name="${'x'.repeat(101)}"`, ''), file('')), null],
    'with a field without a name': [form(part('filename="a"', ''), file('')), null],
    'with a field that is not UTF-8': [Buffer.from(form(part('name="purpose"', '\xff'), file('')), 'latin1'), null],
    'with headers without end': [`--${boundary}\r\nX-Y: ${'x'.repeat(20_000)}`, null],
    'with many headers without end': [`--${boundary}\r\n${'X-Y: z\r\n'.repeat(10_000)}`, null],
    'with a header twice': [form(part('name="purpose"', 'a', 'Content-Disposition: form-data; name="datastore"\r\n'), file('')), null],
    'with a parameter twice': [form(part('name="purpose"; name="datastore"', 'a'), file('')), null],
    'with a header in two lines': [form(part('name="purpose"', 'a', 'Content-Type: text/plain;\r\n charset=utf-8\r\n'), file('')), null],
    'with a part without headers': [form(`--${boundary}\r\n\r\nvalue\r\n`, purpose, file('')), null],
    'with a part that is no form-data': [form(purpose, file('')).replace('form-data; name="purpose"', 'attachment; name="purpose"'), null],
    'with an encoded file': [form(purpose, part('name="file"; filename="a"', 'e30=', 'Content-Transfer-Encoding: base64\r\n')), null],
    'with the boundary in the content': [form(purpose, file(`a\r\n--${boundary}b`)), null],
    'with text before it': [`text\r\n${whole}`, null],
    'with text behind it': [`${whole}text`, null],
    'with a second end': [`${whole}--${boundary}--\r\n`, null],
    'with one dash at its end': [whole.replace(`${boundary}--`, `${boundary}-`), null],
    'with newlines only': [whole.replaceAll('\r\n', '\n'), null],
  };
  for (const [how, [body, param]] of Object.entries(bodies)) {
    test(how, async () => {
      assert.equal(await outcome(incoming(body)), `invalid_multipart ${param}`);
      assert.equal(await outcome(incoming(body, Array.from({ length: 2000 }, () => 7))), `invalid_multipart ${param}`);
    });
  }

  test('a field called __proto__ is a field', async () => {
    assert.deepEqual(Object.entries((await taken(incoming(form(part('name="__proto__"', 'x'), file(''))))).fields), [['__proto__', 'x']]);
  });

  test('of another type, or packed', async () => {
    for (const type of ['application/json', 'multipart/mixed; boundary=x', 'multipart/form-dataset; boundary=x', '']) assert.equal(await outcome(incoming(whole, [], type)), 'unsupported_media_type null');
    const packed = incoming(whole);
    packed.headers['content-encoding'] = 'gzip';
    assert.equal(await outcome(packed), 'unsupported_media_type null');
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', `multipart/form-data; boundary=${'x'.repeat(71)}`]) assert.equal(await outcome(incoming(whole, [], type)), 'invalid_multipart null');
  });

  test('of a file that is too large, told at once where its length is', async () => {
    assert.equal((await taken(incoming(form(file('x'.repeat(100)))), { fileBytes: 100 })).content.length, 100);
    assert.equal(await outcome(incoming(form(file('x'.repeat(101)))), { fileBytes: 100 }), 'file_too_large file');
    const long = incoming('');
    long.headers['content-length'] = '1000000';
    assert.equal(await outcome(long, { fileBytes: 100 }), 'file_too_large file');
  });

  test('in any other way: nothing but such a refusal comes out, and the same however it is cut', async () => {
    const tokens = ['\r\n', '\n', '--', `\r\n--${boundary}`, `\r\n--${boundary}--`, 'Content-Disposition: form-data; name="file"; filename="a"', 'name=', ';', '"', '\\', '\0', 'é', ' ', '*='];
    const edit = fc.tuple(fc.nat(whole.length), fc.nat(8), fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 3 })));
    await fc.assert(fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }), async (edits, sizes) => {
      const body = edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), whole);
      const once = await outcome(incoming(body));
      assert.deepEqual(await outcome(incoming(body, sizes)), once);
    }), { numRuns: 500 });
  });
});

describe('of a client', () => {
  let server: Server;
  let origin: string;
  let received = 0;
  /** Until then the file is not read. */
  let reading: Promise<unknown> = Promise.resolve();
  const base = (path: string): string => `${origin}${path}`;
  before(async () => {
    server = createServer((request, response) => {
      const answer = (status: number, body: unknown): void => { response.writeHead(status, { 'content-type': 'application/json', ...(status === 200 ? {} : { connection: 'close' }) }).end(JSON.stringify(body)); };
      const serve = async (): Promise<void> => {
        const data = request.url?.includes('/parts') === true;
        const upload = await readForm(request, { fileBytes: 2 ** 30, file: data ? 'data' : 'file' });
        const check = new RowCheck(data ? 'user_data' : upload.before['purpose'] as FilePurpose | undefined);
        received = 0;
        await reading;
        for await (const chunk of upload.file) { received += chunk.length; check.write(chunk); }
        const fields = await upload.fields;
        answer(200, { id: 'fil_1', object: 'file', bytes: received, filename: upload.filename, ...check.end((fields['purpose'] ?? 'user_data') as FilePurpose), ...fields });
      };
      serve().catch((error: unknown) => answer(400, errorBody(publicError(error))));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => { server.closeAllConnections(); server.close(); });

  const row = `${JSON.stringify({ messages: [{ role: 'user', content: 'Où?' }, { role: 'assistant', content: 'Là.' }] })}\n`;
  const client = (): OpenAI => new OpenAI({ baseURL: base('/v1'), apiKey: 'k', maxRetries: 0 });

  test('that is the public SDK, with its fields in either order', async () => {
    const expected = { bytes: Buffer.byteLength(row) * 3, filename: 'naïve "rows".jsonl', rows: 3, purpose: 'fine-tune' };
    const rows = new File([row.repeat(3)], 'naïve "rows".jsonl');
    for (const body of [{ purpose: 'fine-tune', file: rows } as const, { file: rows, purpose: 'fine-tune' } as const]) assert.partialDeepStrictEqual(await client().files.create(body), expected);
    const azure = new AzureOpenAI({ endpoint: origin, apiKey: 'k', apiVersion: '2024-10-21', maxRetries: 0 });
    assert.partialDeepStrictEqual(await azure.files.create({ file: rows, purpose: 'fine-tune' }), expected);
  });

  test('that is the public SDK, from memory and from disk, and with a time to expire', async () => {
    const kept = await client().files.create({ file: await toFile(Buffer.from(row), 'rows.jsonl'), purpose: 'fine-tune', expires_after: { anchor: 'created_at', seconds: 3600 } });
    assert.partialDeepStrictEqual(kept, { rows: 1, 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600' });
    assert.partialDeepStrictEqual(await client().files.create({ file: createReadStream(import.meta.filename), purpose: 'user_data' }), { filename: 'multipart.test.ts', rows: null });
    assert.partialDeepStrictEqual(await client().uploads.parts.create('upl_1', { data: new File([row], 'part') }), { bytes: Buffer.byteLength(row) });
  });

  test('that is the public SDK is told which rows are wrong', async () => {
    await assert.rejects(client().files.create({ file: new File([row, '{"messages":1}\n', row, '[]\n'], 'a.jsonl'), purpose: 'fine-tune' }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.partialDeepStrictEqual(error.error, { code: 'file_rows_invalid', param: 'file', rows: [{ line: 2, reason: 'messages_invalid' }, { line: 4, reason: 'not_an_object' }], more: false });
      return true;
    });
  });

  test('that is fetch', async () => {
    const body = new FormData();
    body.append('file', new Blob([row]), 'ré"s.jsonl');
    body.append('purpose', 'fine-tune');
    assert.partialDeepStrictEqual(await (await fetch(base('/v1/files'), { method: 'POST', body })).json(), { filename: 'ré"s.jsonl', rows: 1 });
  });

  for (const when of ['it is read', 'nobody reads it']) {
    test(`that leaves in the middle of the file, while ${when}, nothing is kept`, async () => {
      const failed = Promise.withResolvers<unknown>();
      const gone = Promise.withResolvers<unknown>();
      const once = createServer((request) => {
        const take = async (): Promise<void> => {
          const upload = await readForm(request, { fileBytes: 1e6 });
          socket.destroy();
          if (when === 'nobody reads it') await gone.promise;
          for await (const _ of upload.file);
        };
        request.once('close', gone.resolve);
        take().then(() => failed.resolve('kept'), failed.resolve);
      });
      await new Promise<void>((resolve) => once.listen(0, '127.0.0.1', resolve));
      const socket = connect((once.address() as AddressInfo).port, '127.0.0.1');
      socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\ncontent-length: 1000\r\n\r\n${purpose}${file('some of it').slice(0, -4)}`);
      const error = await failed.promise;
      once.close();
      assert.ok(error instanceof GatewayError && error.code === 'request_timeout');
    });
  }

  test('that is refused before its file was read can be told so', async () => {
    const once = createServer((request, response) => {
      readForm(request, { fileBytes: 1e9 }).then(() => { request.resume(); response.writeHead(400, { connection: 'close' }).end('refused'); }, () => response.destroy());
    });
    await new Promise<void>((resolve) => once.listen(0, '127.0.0.1', resolve));
    const body = new FormData();
    body.append('file', new Blob([Buffer.alloc(20e6)]), 'zeros');
    const answer = await fetch(`http://127.0.0.1:${(once.address() as AddressInfo).port}/`, { method: 'POST', body });
    assert.equal(await answer.text(), 'refused');
    once.close();
  });

  test('a file of 300 MB takes no more memory than a small one, and is taken no faster than it is read', async () => {
    const gate = Promise.withResolvers<unknown>();
    reading = gate.promise;
    const line = Buffer.from(`${JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(900) }, { role: 'assistant', content: 'y'.repeat(100) }] })}\n`);
    const block = Buffer.concat(Array.from({ length: 1000 }, () => line));
    const blocks = Math.ceil(300e6 / block.length);
    let sent = 0;
    let most = 0;
    const memory = (): number => { const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers; };
    function* body(): Generator<Buffer> {
      yield Buffer.from(file('x').slice(0, -3));
      for (; sent < blocks; sent++) { most = Math.max(most, memory()); yield block; }
      yield Buffer.from(`\r\n${form(purpose)}`);
    }
    const start = memory();
    const answered = Promise.withResolvers<IncomingMessage>();
    const request = httpRequest(base('/v1/files'), { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }, answered.resolve).on('error', answered.reject);
    Readable.from(body()).pipe(request);
    await sleep(300);
    assert.ok(sent < 50, `${sent} blocks of 1 MB were taken while nobody read them`);
    gate.resolve(undefined);
    reading = Promise.resolve();
    const answer = JSON.parse(Buffer.concat(await (await answered.promise).toArray() as Buffer[]).toString()) as object;
    assert.partialDeepStrictEqual(answer, { rows: blocks * 1000, bytes: blocks * block.length });
    assert.ok(most - start < 150e6, `${Math.round((most - start) / 1e6)} MB`);
  });
});

describe('a client that is waited for', () => {
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const timedOut = (error: unknown): boolean => error instanceof GatewayError && error.code === 'request_timeout';
  let clock = 0;
  let request: IncomingMessage;
  const pass = (ms: number): void => { clock += ms; mock.timers.tick(ms); };
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => clock);
    request = Object.assign(new Readable({ read: () => undefined }), { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }) as unknown as IncomingMessage;
    request.push(purpose + file('abc').slice(0, -2));
  });
  afterEach(() => mock.reset());

  test('and sends nothing for a minute has left; one that is not waited for has not', async () => {
    const upload = await readForm(request, { fileBytes: 100 });
    pass(600_000);
    const chunks = upload.file[Symbol.asyncIterator]();
    assert.equal((await chunks.next()).value?.toString(), 'abc');
    const refused = assert.rejects(chunks.next(), timedOut);
    await settled();
    pass(60_000);
    await refused;
    await assert.rejects(upload.fields, timedOut);
    assert.equal(request.destroyed, false, 'it can still be answered');
  });

  for (const [bytes, left] of [[1, true], [16_384, false]] as const) {
    test(`and sends ${bytes} bytes each half minute has ${left ? '' : 'not '}left`, async () => {
      const upload = await readForm(request, { fileBytes: 1e6 });
      const reading = (async () => { for await (const _ of upload.file); })();
      reading.catch(() => undefined);
      for (let i = 0; i < 5; i++) {
        await settled();
        pass(30_000);
        request.push(Buffer.alloc(bytes));
        await settled();
      }
      request.push(`\r\n--${boundary}--`);
      request.push(null);
      if (left) await assert.rejects(reading, timedOut); else await reading;
    });
  }
});
