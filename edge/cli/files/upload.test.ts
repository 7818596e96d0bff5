/** Uploads as users run them: small and large, cut off, killed and gone on with. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mostFileBytes } from '#contract/http/files.ts';
import { FileServer, idOf, refuse } from './file-server-under-test.ts';

const server = new FileServer();
const part = 64 * 1024;
before(() => server.start());
afterEach(() => server.clear());
after(() => server.stop());

function made(name: string, bytes: number | string): { path: string; content: Buffer } {
  const path = join(server.folder, name);
  const content = typeof bytes === 'string' ? Buffer.from(bytes) : randomBytes(bytes);
  writeFileSync(path, content);
  return { path, content };
}
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const states = (): string[] => { try { return readdirSync(join(server.state, 'modelkeep/uploads')).filter((name) => name.endsWith('.json')); } catch { return []; } };
const recorded = (): number => states().reduce((sum, name) => sum + (JSON.parse(readFileSync(join(server.state, 'modelkeep/uploads', name), 'utf8')) as { parts: unknown[] }).parts.length, 0);
const inParts = ['--part-size', String(part), '--json'];
const posts = (): string[] => server.routes.filter((route) => route.endsWith('/parts'));

/** Starts an upload and kills it when `count` parts are recorded; the rest stands still in the middle. */
async function killedAfter(path: string, count: number): Promise<void> {
  let begun = 0;
  server.onChunk = async (route, { bytes }) => { if (bytes < part) return; if (++begun > count && route.endsWith('/parts')) await new Promise(() => undefined); };
  const { signal } = await server.run(['data', 'upload', path, ...inParts], { onStart: (child) => {
    void (async () => { while (recorded() < count) await sleep(20); child.kill('SIGKILL'); })();
  } });
  assert.equal(signal, 'SIGKILL');
  server.onChunk = () => undefined;
}

describe('a small file', () => {
  test('is one request, its purpose told by its name, and the answer is the file', async () => {
    const { path, content } = made('rows.jsonl', 3000);
    const { code, stdout, stderr } = await server.run(['data', 'upload', path, '--json']);
    assert.deepEqual([code, stderr, (JSON.parse(stdout.toString()) as { id: string }).id], [0, '', idOf('fil', 1)]);
    assert.deepEqual([server.routes, server.files[0]?.fields, server.files[0]?.name, server.files[0]?.sha256], [['POST /v1/files'], { purpose: 'fine-tune' }, 'rows.jsonl', sha256(content)]);
  });

  test('empty, or with a name that needs care, arrives as it is', async () => {
    const { path } = made('a "b" – ü.pdf', '');
    const { code, stdout } = await server.run(['data', 'upload', path, '--datastore', 'archive']);
    assert.equal(code, 0);
    assert.match(stdout.toString(), /is stored: fil_/);
    assert.deepEqual([server.files[0]?.bytes, server.files[0]?.name, server.files[0]?.fields], [0, 'a %22b%22 – ü.pdf', { purpose: 'user_data', datastore: 'archive' }]);
  });

  test('with rows that are not allowed: each is told by its line, and nothing of it', async () => {
    const { path } = made('bad.jsonl', '{"secret-row":1}\n');
    const bad = (_request: unknown, response: Parameters<typeof refuse>[0]): void => refuse(response, 'file_rows_invalid', { rows: [{ line: 1, reason: 'messages_missing' }, { line: 17, reason: 'not_json' }], more: true });
    server.instead['POST /v1/files'] = [bad, bad];
    const person = await server.run(['data', 'upload', path]);
    assert.deepEqual([person.code, /line 1: .+\n {2}line 17: .+\n {2}and more/.test(person.stderr)], [1, true], person.stderr);
    assert.doesNotMatch(person.stderr + person.stdout.toString(), /secret-row/);
    const script = JSON.parse((await server.run(['data', 'upload', path, '--json'])).stdout.toString()) as { error: object };
    assert.deepEqual({ ...script.error, message: '' }, { code: 'file_rows_invalid', message: '', rows: [{ line: 1, reason: 'messages_missing' }, { line: 17, reason: 'not_json' }], more: true });
  });

  test('is sent again where the server says that it passes, and refused where it does not', async () => {
    const { path, content } = made('note.txt', 500_000);
    const early = (code: Parameters<typeof refuse>[1]) => (_request: unknown, response: Parameters<typeof refuse>[0]): void => refuse(response, code);
    server.instead['POST /v1/files'] = [early('key_custody_unavailable'), early('customer_key_unreachable')];
    assert.equal((await server.run(['data', 'upload', path])).code, 0);
    assert.deepEqual([server.routes.length, server.files[0]?.sha256], [3, sha256(content)]);
    server.instead['POST /v1/files'] = [early('permission_denied')];
    const refused = await server.run(['data', 'upload', path]);
    assert.deepEqual([refused.code, server.routes.length], [4, 4]);
  });

  test('whose connection breaks is not sent twice, for the server may have it', async () => {
    const { path } = made('note.txt', 5_000_000);
    server.onChunk = (_route, { bytes, abort }) => { if (bytes > 1_000_000) abort(); };
    const { code, stderr } = await server.run(['data', 'upload', path]);
    assert.deepEqual([code, server.routes.length], [3, 1]);
    assert.match(stderr, /Whether the file has arrived is not known[\s\S]*modelkeep data list/);
  });

  test('is a file, not too large, and there', async () => {
    const huge = made('huge.bin', 0).path;
    truncateSync(huge, mostFileBytes + 1);
    for (const path of [server.folder, join(server.folder, 'nowhere'), huge]) assert.equal((await server.run(['data', 'upload', path])).code, 2, path);
    assert.deepEqual(server.routes, []);
  });
});

describe('a large file', () => {
  test('is sent in parts, in their places whatever order they arrive in, with the digest of the whole', async () => {
    const { path, content } = made('large.bin', 4 * part + 5);
    let first = true;
    server.onChunk = async () => { if (first) { first = false; await sleep(300); } };
    const { code, stdout } = await server.run(['data', 'upload', path, ...inParts]);
    assert.deepEqual([code, (JSON.parse(stdout.toString()) as { bytes: number }).bytes], [0, content.length]);
    const inOrder = server.completed?.part_ids.map((id) => server.parts.find((each) => each.id === id)?.sha256);
    assert.deepEqual(inOrder, [0, 1, 2, 3, 4].map((at) => sha256(content.subarray(at * part, (at + 1) * part))));
    assert.equal(server.completed?.md5, createHash('md5').update(content).digest('hex'));
    assert.deepEqual(states(), [], 'nothing is remembered of what is done');
  });

  test('killed in the middle goes on where it was: no part that had arrived is sent again', async () => {
    const { path, content } = made('large.bin', 6 * part);
    await killedAfter(path, 3);
    const arrived = server.parts.length;
    assert.equal(arrived, 3);
    const folder = join(server.state, 'modelkeep/uploads');
    const [name = ''] = states();
    assert.deepEqual([statSync(folder).mode & 0o777, statSync(join(folder, name)).mode & 0o777], [0o700, 0o600]);
    const { code, stdout } = await server.run(['data', 'upload', path, '--part-size', String(part)]);
    assert.equal(code, 0);
    assert.match(stdout.toString(), /Going on where it was: 197 KB of 393 KB/);
    const shas = server.parts.map((each) => each.sha256);
    assert.deepEqual([new Set(shas).size, shas.length, server.uploads.size], [6, 6, 1]);
    assert.equal(server.completed?.md5, createHash('md5').update(content).digest('hex'));
  });

  test('that has changed since, or is wanted for something else, starts anew, and what had arrived is given up', async () => {
    const { path } = made('large.bin', 4 * part);
    await killedAfter(path, 1);
    appendFileSync(path, 'more');
    const changed = await server.run(['data', 'upload', path, '--part-size', String(part)]);
    assert.equal(changed.code, 0);
    assert.match(changed.stdout.toString(), /The file has changed since/);
    assert.deepEqual([server.cancelled, server.completed?.part_ids.length], [[idOf('upl', 1)], 5]);
    await killedAfter(path, 1);
    const other = await server.run(['data', 'upload', path, '--part-size', String(part), '--purpose', 'assistants']);
    assert.match(other.stdout.toString(), /another purpose/);
    await killedAfter(path, 1);
    assert.equal((await server.run(['data', 'upload', path, ...inParts, '--restart'])).code, 0);
    assert.equal(server.cancelled.length, 3);
  });

  test('starts anew where the server has forgotten it, and is done where it was completed already', async () => {
    const { path } = made('large.bin', 3 * part);
    await killedAfter(path, 1);
    server.uploads.clear();
    assert.match((await server.run(['data', 'upload', path, '--part-size', String(part)])).stdout.toString(), /no longer what had arrived/);
    await killedAfter(path, 1);
    const [upload] = [...server.uploads.values()].slice(-1);
    assert.ok(upload);
    upload.status = 'completed';
    upload.file = server.file({ id: idOf('fil', 7) });
    const sent = posts().length;
    const { stdout } = await server.run(['data', 'upload', path, ...inParts]);
    assert.deepEqual([(JSON.parse(stdout.toString()) as { id: string }).id, posts().length], [idOf('fil', 7), sent]);
  });

  test('outlives broken connections and refusals that pass: each costs its part', async () => {
    const { path, content } = made('large.bin', 3 * part);
    let broken = false;
    server.onChunk = (_route, { abort }) => { if (!broken) { broken = true; abort(); } };
    server.instead[`POST /v1/uploads/${idOf('upl', 1)}/parts`] = [(_request, response) => refuse(response, 'control_unavailable')];
    assert.equal((await server.run(['data', 'upload', path, ...inParts])).code, 0);
    assert.deepEqual([posts().length, server.parts.reduce((sum, { bytes }) => sum + bytes, 0)], [5, content.length]);
  });

  test('whose completion was answered to nobody is found completed', async () => {
    const { path } = made('large.bin', 2 * part);
    server.instead[`POST /v1/uploads/${idOf('upl', 1)}/complete`] = [(request) => {
      const upload = server.uploads.get(idOf('upl', 1));
      assert.ok(upload);
      upload.file = server.file({ id: idOf('fil', 9) });
      upload.status = 'completed';
      request.destroy();
    }];
    const { code, stdout } = await server.run(['data', 'upload', path, ...inParts]);
    assert.deepEqual([code, (JSON.parse(stdout.toString()) as { id: string }).id], [0, idOf('fil', 9)]);
  });

  test('that the server refuses as a whole is destroyed there and forgotten here', async () => {
    const { path } = made('large.jsonl', 2 * part);
    server.instead[`POST /v1/uploads/${idOf('upl', 1)}/complete`] = [(_request, response) => refuse(response, 'file_rows_invalid', { rows: [{ line: 2, reason: 'not_json' }], more: false })];
    const { code, stderr } = await server.run(['data', 'upload', path, '--part-size', String(part)]);
    assert.deepEqual([code, server.cancelled, states()], [1, [idOf('upl', 1)], []]);
    assert.match(stderr, /line 2: /);
  });

  test('that is refused for good keeps what has arrived, for the cause may be mended', async () => {
    const { path } = made('large.bin', 3 * part);
    await killedAfter(path, 1);
    server.instead[`POST /v1/uploads/${idOf('upl', 1)}/parts`] = [(_request, response) => refuse(response, 'customer_key_denied')];
    assert.equal((await server.run(['data', 'upload', path, ...inParts])).code, 4);
    assert.equal(states().length, 1);
  });

  test('is not uploaded by two commands at a time', async () => {
    const { path } = made('large.bin', 3 * part);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    server.onChunk = async () => { await held; };
    const first = server.run(['data', 'upload', path, ...inParts]);
    while (states().length === 0) await sleep(20);
    const link = join(server.folder, 'link.bin');
    symlinkSync(path, link);
    const second = await server.run(['data', 'upload', link, ...inParts]);
    release();
    assert.deepEqual([second.code, (JSON.parse(second.stdout.toString()) as { error: { code: string } }).error.code, (await first).code], [6, 'upload_running', 0]);
  });

  test('interrupted by Ctrl-C says how to go on', async () => {
    const { path } = made('large.bin', 3 * part);
    server.onChunk = async () => { await new Promise(() => undefined); };
    const { code, stdout } = await server.run(['data', 'upload', path, '--part-size', String(part)], { onStart: (child) => {
      void (async () => { while (states().length === 0) await sleep(20); child.kill('SIGINT'); })();
    } });
    assert.equal(code, 130);
    assert.match(stdout.toString(), /kept for a day[\s\S]*the same command again/);
  });

  test('of 600 MB goes through in little memory, and nothing that stands in a file is remembered', async () => {
    const { path } = made('sparse.bin', 'a-word-to-find');
    truncateSync(path, 600_000_000);
    let peak = 0;
    let remembered = '';
    server.onChunk = (_route, { bytes }) => {
      if (bytes % 50 !== 0 && bytes < 60_000_000) return;
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child?.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) * 1024);
      remembered = states().map((name) => readFileSync(join(server.state, 'modelkeep/uploads', name), 'utf8')).join();
    };
    assert.equal((await server.run(['data', 'upload', path, '--json'])).code, 0);
    assert.equal(server.parts.length, Math.ceil(600_000_000 / 2 ** 26));
    assert.ok(peak > 0 && peak < 250_000_000, `${peak} bytes`);
    assert.ok(remembered !== '' && !remembered.includes('to-find'));
  });
});
