/** A large file goes in and comes out in constant memory: each process' peak, with MODELKEEP_TEST_LARGE=5G at the largest size that is taken. */
import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, test } from 'node:test';
import type { FileObject } from '#contract/http/files.ts';
import { Installation } from '../installation.ts';
import { accepted, Caller } from './caller.ts';

const MiB = 2 ** 20;
const sizes: Record<string, number> = { '5G': 5 * 2 ** 30 };
const size = sizes[process.env['MODELKEEP_TEST_LARGE'] ?? ''] ?? 300e6;
const mostMiB = 300e6 / MiB;
let installation: Installation;
let caller: Caller;
before(async () => {
  installation = await Installation.start();
  caller = await Caller.operatorsToken(installation, 'large');
}, { timeout: 150_000 });
after(async () => { await caller?.close(); await installation?.remove(); });

/** Bytes that do not repeat, the same each time. */
function* bytesOf(length: number): Generator<Buffer> {
  const stream = createCipheriv('aes-256-ctr', Buffer.alloc(32, 1), Buffer.alloc(16));
  const zeros = Buffer.alloc(MiB);
  for (let left = length; left > 0; left -= MiB) yield stream.update(zeros.subarray(0, Math.min(MiB, left)));
}

const watched = async (): Promise<{ name: string; pid: number }[]> => (await installation.processes()).filter(({ name }) => name !== 'postgres');
/** The peaks of resident memory in MiB, since they were set back. */
async function peaks(): Promise<Record<string, number>> {
  return Object.fromEntries((await watched()).map(({ name, pid }) => [name, Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)]));
}
const setBack = async (): Promise<void> => { for (const { pid } of await watched()) writeFileSync(`/proc/${pid}/clear_refs`, '5'); };

async function upload(): Promise<FileObject> {
  const head = '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="large.bin"\r\n\r\n';
  const tail = '\r\n--b--\r\n';
  const answered = Promise.withResolvers<IncomingMessage>();
  const sending = httpRequest(`${installation.origin}/v1/files`, {
    method: 'POST', headers: { ...caller.headers, 'content-type': 'multipart/form-data; boundary=b', 'content-length': head.length + size + tail.length },
  }, answered.resolve).on('error', answered.reject);
  const body = function* (): Generator<Buffer> { yield Buffer.from(head); yield* bytesOf(size); yield Buffer.from(tail); };
  await pipeline(Readable.from(body(), { objectMode: false, highWaterMark: 4 * MiB }), sending);
  const answer = await answered.promise;
  const text = Buffer.concat(await answer.toArray() as Buffer[]).toString();
  assert.equal(answer.statusCode, 200, text);
  return JSON.parse(text) as FileObject;
}

async function download(id: string): Promise<{ bytes: number; sha256: string }> {
  const answered = Promise.withResolvers<IncomingMessage>();
  httpRequest(`${installation.origin}/v1/files/${id}/content`, { headers: caller.headers }, answered.resolve).on('error', answered.reject).end();
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of await answered.promise) { hash.update(chunk as Buffer); bytes += (chunk as Buffer).length; }
  return { bytes, sha256: hash.digest('hex') };
}

test(`${Math.round(size / 1e6)} MB, up and down`, { timeout: 1_800_000 }, async (t) => {
  const told = (what: string, found: Record<string, number>, since: number): void => {
    t.diagnostic(`${what}: ${(size / 1e6 / ((performance.now() - since) / 1000)).toFixed(0)} MB/s; peaks in MiB: ${JSON.stringify(found)}`);
    for (const [name, peak] of Object.entries(found)) assert.ok(peak < mostMiB, `${name}: ${peak} MiB`);
  };
  await setBack();
  let since = performance.now();
  const file = await upload();
  assert.equal(file.bytes, size);
  told('upload', await peaks(), since);

  const expected = createHash('sha256');
  for (const chunk of bytesOf(size)) expected.update(chunk);
  await setBack();
  since = performance.now();
  const found = await download(file.id);
  told('download', await peaks(), since);
  assert.deepEqual(found, { bytes: size, sha256: expected.digest('hex') });

  await setBack();
  since = performance.now();
  accepted(await caller.remove(file.id));
  told('deletion', await peaks(), since);
});
