/** The verifier against a log that is made here, byte by byte: what holds passes, and whatever is changed is found, with its name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { key, keyOf, name, root, sha256, signedNote } from '../../testing/ledger/made-log.ts';
import { verifyCheckpoints } from './verify-checkpoints.ts';
import type { Verdict } from './checks.ts';

const entryOf = (i: number): Buffer => Buffer.from(`{"seq":${i}}`);
const leafOf = (entry: Buffer): Buffer => sha256('\0', entry);

function checkpoint(leaves: Buffer[], origin = name): Buffer {
  return signedNote(`${origin}\n${leaves.length}\n${root(leaves).toString('base64')}\n`);
}
function logOf(entries: Buffer[]): { files: Map<string, Buffer>; newest: Buffer; leaves: Buffer[] } {
  const files = new Map<string, Buffer>();
  const leaves = entries.map(leafOf);
  for (let from = 0; from < entries.length; from += 256) {
    const here = entries.slice(from, from + 256);
    const path = `${String(from / 256).padStart(3, '0')}${here.length < 256 ? `.p/${here.length}` : ''}`;
    files.set(`tile/0/${path}`, Buffer.concat(here.map(leafOf)));
    files.set(`tile/entries/${path}`, Buffer.concat(here.flatMap((entry) => [Buffer.from([entry.length >> 8, entry.length & 255]), entry])));
  }
  return { files, newest: checkpoint(leaves), leaves };
}
const entries = Array.from({ length: 300 }, (_, i) => entryOf(i));
const log = logOf(entries);
const older = checkpoint(log.leaves.slice(0, 7));
const run = async (changes: { key?: string; older?: Buffer; newer?: Buffer; files?: Map<string, Buffer> } = {}): Promise<Verdict> => {
  const files = changes.files ?? log.files;
  return await verifyCheckpoints({ key: changes.key ?? key, older: changes.older ?? older, newer: changes.newer ?? log.newest }, (path) => Promise.resolve(files.get(path)));
};
const codeOf = ({ passed, checks }: Verdict): string => (passed ? 'passed' : checks.at(-1)?.code ?? 'none');

test('a log that holds passes, from any of its own checkpoints', async () => {
  for (const size of [0, 1, 2, 3, 255, 256, 257, 299, 300]) assert.equal(codeOf(await run({ older: checkpoint(log.leaves.slice(0, size)) })), 'passed', String(size));
});

test('every byte of both checkpoints and of the key, flipped in turn, is found', async () => {
  const flipped = (bytes: Buffer, at: number): Buffer => { const copy = Buffer.from(bytes); copy[at] = (copy[at] ?? 0) ^ 1; return copy; };
  for (let at = 0; at < log.newest.length; at++) assert.match(codeOf(await run({ newer: flipped(log.newest, at) })), /^note_(malformed|signature)$/, `newer, byte ${at}`);
  for (let at = 0; at < older.length; at++) assert.match(codeOf(await run({ older: flipped(older, at) })), /^note_(malformed|signature)$/, `older, byte ${at}`);
  const text = Buffer.from(key);
  for (let at = 0; at < text.length; at++) assert.equal(codeOf(await run({ key: flipped(text, at).toString('latin1') })), 'key_malformed', `key, byte ${at}`);
});

test('every byte of the log, flipped in turn, is found', async () => {
  const short = logOf(entries.slice(0, 20));
  for (const [path, bytes] of short.files) {
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      assert.match(codeOf(await run({ newer: short.newest, files: new Map([...short.files, [path, copy]]) })), /^entry_(malformed|not_in_tree)$/, `${path}, byte ${at}`);
    }
  }
});

test('a rewritten log is found by an older checkpoint, a shorter one by its size, a missing part by its name', async () => {
  for (const change of [(all: Buffer[]) => all.with(3, entryOf(999)), (all: Buffer[]) => all.toSpliced(3, 1), (all: Buffer[]) => all.with(3, entryOf(4)).with(4, entryOf(3))]) {
    const rewritten = logOf(change(entries));
    assert.equal(codeOf(await run({ newer: rewritten.newest, files: rewritten.files })), 'not_consistent');
  }
  assert.equal(codeOf(await run({ older: checkpoint([...log.leaves, leafOf(entryOf(300))]) })), 'size_shrank');
  assert.equal(codeOf(await run({ files: new Map([...log.files].filter(([path]) => path !== 'tile/entries/000')) })), 'tile_missing');
  assert.equal(codeOf(await run({ newer: checkpoint(log.leaves.with(299, leafOf(entryOf(0)))) })), 'root_differs');
  assert.equal(codeOf(await run({ newer: checkpoint(log.leaves, 'other/log') })), 'origin_differs');
});

test('a log that was restored holds with a checkpoint of the one before, where it says so and begins with the same entries', async () => {
  const log2 = `${name}/rst_test`;
  const restored = (from: string): Buffer => Buffer.from(`{"facts":{"restoredFrom":"${from}"},"kind":"installation.restored","seq":10}`);
  const verdict = async (before: Buffer[], mark: Buffer, old = 7): Promise<string> => {
    const { files, leaves } = logOf([...before, mark, entryOf(11)]);
    const newer = signedNote(`${log2}\n${leaves.length}\n${root(leaves).toString('base64')}\n`, log2);
    return codeOf(await verifyCheckpoints({ key: keyOf(log2), olderKey: key, older: checkpoint(log.leaves.slice(0, old)), newer }, (path) => Promise.resolve(files.get(path))));
  };
  assert.equal(await verdict(entries.slice(0, 9), restored(name)), 'passed');
  assert.equal(await verdict(entries.slice(0, 9), restored('modelkeep/prj_other')), 'not_restored_from');
  assert.equal(await verdict(entries.slice(0, 9).with(2, entryOf(999)), restored(name)), 'not_consistent');
  assert.equal(await verdict(entries.slice(0, 9), restored(name), 11), 'not_consistent', 'entries that the backup did not have');
  assert.equal(await verdict(entries.slice(0, 9), Buffer.from('{"kind":"installation.restored"')), 'not_restored_from');
});

test('whatever it is given, it answers', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 120 }), fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), async (text, one, two) => {
    assert.notEqual(codeOf(await run({ key: text })), 'passed');
    assert.notEqual(codeOf(await run({ older: Buffer.from(one), newer: Buffer.from(two) })), 'passed');
    assert.notEqual(codeOf(await run({ files: new Map([...log.files, ['tile/entries/001.p/44', Buffer.from(one)]]) })), 'passed');
  }), { numRuns: 300 });
});
