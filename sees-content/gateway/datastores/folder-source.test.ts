import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../gateway-error.ts';
import { FolderSource } from './folder-source.ts';
import { openedFolder } from './open-below.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'mk-roots-')));
const root = join(top, 'opened');
const folder = join(root, 'team');
const opening = { roots: [root, join(top, 'by-link')], closed: [join(root, 'installation')] };
const source = new FolderSource(folder, opening);
const plain = randomBytes(3_000_000);
const whole = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => { const chunks: Buffer[] = []; for await (const chunk of stream) chunks.push(chunk); return Buffer.concat(chunks); };
const fails = (code: GatewayError['code']) => (error: unknown): boolean => { assert.ok(error instanceof GatewayError, String(error)); assert.equal(error.code, code); return true; };
const refusedFor = async (path: string, code: GatewayError['code'] = 'path_refused', from = source): Promise<void> => {
  await assert.rejects(from.size(path), fails(code), path);
  await assert.rejects(from.read(path), fails(code), path);
};

before(() => {
  for (const each of [join(folder, 'deep/er'), join(root, 'other'), join(root, 'installation/keys'), join(top, 'outside')]) mkdirSync(each, { recursive: true });
  for (const each of [join(folder, 'rows.jsonl'), join(folder, 'deep/er/rows.jsonl')]) writeFileSync(each, plain);
  for (const each of [join(root, 'other/rows.jsonl'), join(top, 'outside/rows.jsonl'), join(root, 'installation/keys/root.key')]) writeFileSync(each, 'secret');
  symlinkSync(root, join(top, 'by-link'));
});
after(() => rmSync(top, { recursive: true, force: true }));

test('files are read whole and by range, and nothing beyond their end', async () => {
  for (const path of ['rows.jsonl', 'deep/er/rows.jsonl']) {
    assert.equal(await source.size(path), plain.length);
    assert.ok((await whole(await source.read(path))).equals(plain));
    for (const [offset, length] of [[0, 0], [1, 10], [1_048_570, 20], [2_999_999, 5], [3_000_000, 1], [4_000_000, undefined], [17, undefined]] as const) {
      assert.ok((await whole(await source.read(path, { offset, ...(length === undefined ? {} : { length }) }))).equals(plain.subarray(offset, length === undefined ? undefined : offset + length)));
    }
  }
});

test('a file that became longer or shorter since its size was told is not given for what it was', async () => {
  const path = join(folder, 'changed.jsonl');
  writeFileSync(path, plain);
  const of = await source.size('changed.jsonl');
  assert.equal((await whole(await source.read('changed.jsonl', { offset: 0, of }))).length, of);
  for (const bytes of [plain.subarray(0, 1000), Buffer.concat([plain, plain])]) {
    writeFileSync(path, bytes);
    for (const range of [{ offset: 0, of }, { offset: 5, length: 10, of }]) await assert.rejects(async () => whole(await source.read('changed.jsonl', range)), fails('datastore_unreachable'));
  }
});

test('whoever stops reading leaves no file open', async () => {
  const leadsTo = (fd: string): string => { try { return readlinkSync(`/proc/self/fd/${fd}`); } catch { return ''; } };
  for (let turn = 0; turn < 5; turn++) for await (const _ of await source.read('rows.jsonl')) break;
  assert.deepEqual(readdirSync('/proc/self/fd').filter((fd) => leadsTo(fd).startsWith(folder)), []);
});

test('a link inside the folder is followed, as mounted volumes have them; also where the root is one', async () => {
  symlinkSync('deep/er', join(folder, 'current'));
  symlinkSync('current/rows.jsonl', join(folder, 'latest.jsonl'));
  for (const path of ['current/rows.jsonl', 'latest.jsonl']) assert.equal(await source.size(path), plain.length);
  assert.equal(await new FolderSource(join(top, 'by-link/team'), opening).size('rows.jsonl'), plain.length);
});

describe('what is not a file below the folder is refused', () => {
  test('paths that lead about', async () => {
    for (const path of ['', '.', '..', '../other/rows.jsonl', 'deep/../../other/rows.jsonl', '/etc/passwd', './rows.jsonl', 'deep//er/rows.jsonl', 'deep/', 'rows.jsonl\0', 'a\nb', 'a\\b', '\ud800', 'x'.repeat(2000)]) await refusedFor(path);
  });
  test('links out of the folder: absolute, relative, of a folder, and by a second link', async () => {
    symlinkSync(join(top, 'outside/rows.jsonl'), join(folder, 'absolute'));
    symlinkSync('../other/rows.jsonl', join(folder, 'relative'));
    symlinkSync(join(root, 'other'), join(folder, 'sideways'));
    symlinkSync('absolute', join(folder, 'second'));
    symlinkSync('loop', join(folder, 'loop'));
    for (const path of ['absolute', 'relative', 'sideways/rows.jsonl', 'second', 'loop']) await refusedFor(path);
  });
  test('a pipe is not waited for, nor are devices, sockets and folders opened', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('/dev/zero', join(folder, 'device'));
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => { server.once('listening', resolve); });
    for (const path of ['pipe', 'device', 'socket', 'deep']) await refusedFor(path);
    server.close();
  });
  test('what is not there, or not to be read', async () => {
    for (const path of ['none.jsonl', 'rows.jsonl/x', 'none/rows.jsonl']) await refusedFor(path, 'file_not_found');
    if (process.getuid?.() !== 0) { writeFileSync(join(folder, 'closed'), 'x'); chmodSync(join(folder, 'closed'), 0); await refusedFor('closed', 'datastore_refused'); }
  });
  test('folders that the operator has not opened, and the installation\'s own', async () => {
    for (const each of [join(top, 'outside'), `${root}x`, top, '/', `${root}/../outside`, `${folder}/`, `${root}//team`, join(root, 'installation'), join(root, 'installation/keys')]) await refusedFor('rows.jsonl', 'path_refused', new FolderSource(each, opening));
    await refusedFor('rows.jsonl', 'path_refused', new FolderSource(folder, { roots: [], closed: [] }));
    await refusedFor('installation/keys/root.key', 'path_refused', new FolderSource(root, opening));
    symlinkSync(join(top, 'outside'), join(root, 'linked'));
    await refusedFor('rows.jsonl', 'path_refused', new FolderSource(join(root, 'linked'), opening));
    await refusedFor('rows.jsonl', 'datastore_refused', new FolderSource(join(root, 'absent'), opening));
  });
  test('a datastore may lie at a root itself', async () => assert.equal(await openedFolder(root, opening), root));
});

test('while somebody swaps the file for a link, only what lies in the folder is ever read', async () => {
  const swapped = join(folder, 'swapped');
  let stop = false;
  const swapping = (async () => {
    for (let turn = 0; !stop; turn++) {
      if (turn % 2 === 0) writeFileSync(`${swapped}.new`, 'inside'); else symlinkSync(join(top, 'outside/rows.jsonl'), `${swapped}.new`);
      renameSync(`${swapped}.new`, swapped);
      // Now and then the file stays for as long as a reading takes.
      if (turn % 20 === 0) await sleep(10); else await new Promise((resolve) => { setImmediate(resolve); });
    }
  })();
  let read = 0;
  for (let turn = 0; turn < 500; turn++) {
    try { assert.equal((await whole(await source.read('swapped'))).toString(), 'inside'); read++; } catch (error) { if (!(error instanceof GatewayError)) throw error; }
  }
  stop = true;
  await swapping;
  assert.ok(read > 0);
});

test('a file that changes while it is read is not taken for whole', async () => {
  const changing = async (change: (path: string) => void): Promise<void> => {
    const path = join(folder, 'changing');
    writeFileSync(path, plain);
    let first = true;
    for await (const _ of await source.read('changing')) { if (first) change(path); first = false; }
  };
  await assert.rejects(changing((path) => truncateSync(path, 10)), fails('datastore_unreachable'));
  await assert.rejects(changing((path) => writeFileSync(path, randomBytes(plain.length))), fails('datastore_unreachable'));
});
