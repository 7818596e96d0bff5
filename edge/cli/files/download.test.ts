/** Downloads as users run them: to a file that has its name when it is whole, going on after whatever cut them off. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileServer, idOf, refuse, reply } from './file-server-under-test.ts';

const server = new FileServer();
const id = idOf('fil', 1);
const content = randomBytes(3_000_000);
let folder = '';
let etag = '"a"';
/** Headers of each request for the bytes. */
let ranges: (string | undefined)[] = [];
before(() => server.start());
beforeEach(() => { folder = mkdtempSync(join(server.folder, 'd-')); ranges = []; etag = '"a"'; });
afterEach(() => server.clear());
after(() => server.stop());

/** Gives what is asked for; `cuts`: after how many bytes each of the first answers ends, `kill` to kill the command there. */
function offers(filename: string, cuts: number[] = [], kill?: () => void): void {
  const file = server.file({ id, bytes: content.length, filename });
  server.instead[`GET /v1/files/${id}`] = Array.from({ length: 9 }, () => (_request: IncomingMessage, response: ServerResponse) => { reply(response, file); });
  server.instead[`GET /v1/files/${id}/content`] = Array.from({ length: 9 }, () => (request: IncomingMessage, response: ServerResponse) => {
    ranges.push(request.headers.range);
    const from = request.headers['if-range'] === etag ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const body = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { etag, 'content-length': body.length, ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}) });
    const cut = cuts.shift();
    if (cut === undefined) { response.end(body); return; }
    response.write(body.subarray(0, cut), () => { if (kill) kill(); else setTimeout(() => response.destroy(), 50); });
  });
}
const get = (...args: string[]): ReturnType<FileServer['run']> => server.run(['data', 'download', id, ...args], { cwd: folder });
/** Kills the command when it has written some. */
function killOnceWritten(name: string): void {
  void (async () => {
    while ((statSync(join(folder, `${name}.part`), { throwIfNoEntry: false })?.size ?? 0) < 900_000) await sleep(20);
    server.child?.kill('SIGKILL');
  })();
}

describe('a download', () => {
  test('has its own name in the current folder, is for its user alone, and leaves nothing else', async () => {
    offers('rows.jsonl');
    const { code, stdout } = await get('--json');
    assert.deepEqual([code, JSON.parse(stdout.toString())], [0, { id, file: 'rows.jsonl', bytes: content.length }]);
    assert.ok(readFileSync(join(folder, 'rows.jsonl')).equals(content));
    assert.deepEqual([statSync(join(folder, 'rows.jsonl')).mode & 0o777, readdirSync(folder), readdirSync(join(server.state, 'modelkeep/downloads'))], [0o600, ['rows.jsonl'], []]);
  });

  test('overwrites nothing unless it is told to', async () => {
    offers('rows.jsonl');
    writeFileSync(join(folder, 'out'), 'mine');
    assert.equal((await get('-o', 'out')).code, 6);
    writeFileSync(join(folder, 'other.part'), 'mine too');
    assert.equal((await get('-o', 'other')).code, 6);
    assert.deepEqual([readFileSync(join(folder, 'out'), 'utf8'), readFileSync(join(folder, 'other.part'), 'utf8'), ranges], ['mine', 'mine too', []]);
    assert.equal((await get('-o', 'out', '--force')).code, 0);
    assert.ok(readFileSync(join(folder, 'out')).equals(content));
  });

  test('cut off goes on by itself, from where it was', async () => {
    offers('rows.jsonl', [1_000_000, 500_000]);
    assert.equal((await get()).code, 0);
    assert.ok(readFileSync(join(folder, 'rows.jsonl')).equals(content));
    assert.deepEqual(ranges, [undefined, 'bytes=1000000-', 'bytes=1500000-']);
  });

  test('killed goes on with the same command, if it is still the same file', async () => {
    offers('rows.jsonl', [1_000_000], () => killOnceWritten('rows.jsonl'));
    assert.equal((await get()).signal, 'SIGKILL');
    assert.ok(!existsSync(join(folder, 'rows.jsonl')));
    const there = statSync(join(folder, 'rows.jsonl.part')).size;
    assert.equal((await get()).code, 0);
    assert.ok(readFileSync(join(folder, 'rows.jsonl')).equals(content));
    assert.deepEqual(ranges, [undefined, `bytes=${there}-`]);
  });

  test('whose file is another one meanwhile starts anew', async () => {
    offers('rows.jsonl', [1_000_000], () => killOnceWritten('rows.jsonl'));
    await get();
    etag = '"b"';
    assert.equal((await get()).code, 0);
    assert.ok(readFileSync(join(folder, 'rows.jsonl')).equals(content));
  });

  test('to standard output is the file and nothing else', async () => {
    offers('rows.jsonl', [1_000_000]);
    const { code, stdout, stderr } = await get('-o', '-');
    assert.deepEqual([code, stderr, stdout.equals(content), readdirSync(folder)], [0, '', true, []]);
    assert.equal((await get('-o', '-', '--json')).code, 2);
  });

  test('never writes a hidden file, nor through a link, without being told', async () => {
    offers('.bashrc');
    assert.equal((await get()).code, 2);
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere/target'), join(folder, 'out.part'));
    assert.equal((await get('-o', 'out')).code, 6);
    assert.deepEqual(readdirSync(join(folder, 'elsewhere')), []);
  });

  test('never takes the place of a folder, a device or a pipe, and fetches nothing to find out', async () => {
    offers('rows.jsonl');
    mkdirSync(join(folder, 'out'));
    for (const target of ['out', 'out/', '/dev/null', '']) for (const force of [[], ['--force']]) assert.equal((await get('-o', target, ...force)).code, 2, target);
    assert.deepEqual([ranges, readdirSync(folder)], [[], ['out']]);
  });

  test('that brought nothing leaves nothing, and the same command works once the cause is mended', async () => {
    offers('rows.jsonl');
    server.instead[`GET /v1/files/${id}/content`]?.unshift((_request, response) => refuse(response, 'customer_key_denied'));
    assert.equal((await get()).code, 4);
    assert.deepEqual(readdirSync(folder), []);
    assert.equal((await get()).code, 0);
  });

  test('interrupted before its first byte goes on with the same command', async () => {
    offers('rows.jsonl');
    server.instead[`GET /v1/files/${id}/content`]?.unshift(() => server.child?.kill('SIGINT'));
    assert.equal((await get()).code, 130);
    assert.equal((await get()).code, 0);
    assert.deepEqual(readdirSync(folder), ['rows.jsonl']);
  });

  test('that is not for this user says so', async () => {
    offers('rows.jsonl');
    server.instead[`GET /v1/files/${id}/content`] = [(_request, response) => refuse(response, 'content_not_yours')];
    const { code, stderr } = await get();
    assert.equal(code, 4);
    assert.match(stderr, /Operators have no access to content/);
  });
});
