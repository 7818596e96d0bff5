/** An entry proved from the tiles of a log that is made here: at every place it passes, and whatever is changed is found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { key, name, root, sha256, signedNote } from '../../testing/ledger/made-log.ts';
import { canonical } from './document.ts';
import { verifyEntry } from './verify-entry.ts';

const opening = { salt: Buffer.alloc(32, 7).toString('base64'), facts: { name: 'sealed' } };
const sealed = sha256(Buffer.alloc(32, 7), canonical(opening.facts)).toString('hex');
const entryOf = (i: number): string => canonical({ v: 1, seq: i + 1, kind: 'token.created', object: `tok_${i}`, facts: { count: i }, sealed });
const spelled = (at: number): string => (at < 1000 ? String(at).padStart(3, '0') : `x${String(Math.floor(at / 1000)).padStart(3, '0')}/${String(at % 1000).padStart(3, '0')}`);

function logOf(size: number): { files: Map<string, Buffer>; checkpoint: Buffer } {
  const files = new Map<string, Buffer>();
  const entries = Array.from({ length: size }, (_, i) => Buffer.from(entryOf(i)));
  let hashes = entries.map((entry) => sha256('\0', entry));
  const text = `${name}\n${size}\n${root(hashes).toString('base64')}\n`;
  for (let level = 0; hashes.length > 0; level++) {
    const above: Buffer[] = [];
    for (let at = 0; at * 256 < hashes.length; at++) {
      const here = hashes.slice(at * 256, (at + 1) * 256);
      files.set(`tile/${level}/${spelled(at)}${here.length < 256 ? `.p/${here.length}` : ''}`, Buffer.concat(here));
      if (here.length === 256) above.push(root(here));
      if (level === 0) files.set(`tile/entries/${spelled(at)}${here.length < 256 ? `.p/${here.length}` : ''}`, Buffer.concat(entries.slice(at * 256, (at + 1) * 256).flatMap((entry) => [Buffer.from([entry.length >> 8, entry.length & 255]), entry])));
    }
    hashes = above;
  }
  return { files, checkpoint: signedNote(text) };
}
type Asked = Partial<Parameters<typeof verifyEntry>[0]>;
const codeOf = async ({ files, checkpoint }: ReturnType<typeof logOf>, index: number, more: Asked = {}): Promise<string> => {
  const { passed, checks, entry } = await verifyEntry({ key, checkpoint, index, opening, shown: { object: `tok_${index}`, facts: { count: index } }, ...more }, (path) => Promise.resolve(files.get(path)));
  assert.equal(entry === undefined || entry === entryOf(index), true);
  return passed ? 'passed' : checks.at(-1)?.code ?? 'none';
};

test('every entry of logs of many sizes is proved', async () => {
  for (const size of [1, 2, 3, 7, 255, 256, 257, 511, 512, 700]) {
    const log = logOf(size);
    for (const index of new Set([0, 1, 2, 100, 255, 256, 300, size - 2, size - 1].filter((each) => each >= 0 && each < size))) assert.equal(await codeOf(log, index), 'passed', `${index} of ${size}`);
  }
});
test('entries of a log with three levels of tiles are proved', async () => {
  const log = logOf(66_000);
  for (const index of [0, 65_535, 65_536, 65_999]) assert.equal(await codeOf(log, index), 'passed', String(index));
});
test('a changed byte of any tile on the way is found', async () => {
  const log = logOf(700);
  for (const [path, bytes] of log.files) {
    for (const at of [0, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const index = path.includes('002') ? 699 : path.includes('001') ? 300 : 5;
      const code = await codeOf({ ...log, files: new Map(log.files).set(path, changed) }, index);
      assert.ok(['entry_not_in_tree', 'entry_malformed', 'passed'].includes(code), code);
      // A byte that the way of this entry does not touch changes nothing for it; in the tile of entries each does, where it is its own or a length.
      if (path.startsWith('tile/entries/') && at === 0) assert.notEqual(code, 'passed', path);
    }
  }
});
test('what is shown, what opens it, and what the checkpoint covers are each compared', async () => {
  const log = logOf(300);
  assert.equal(await codeOf(log, 5, { shown: { object: 'tok_6' } }), 'entry_not_in_tree');
  assert.equal(await codeOf(log, 5, { shown: { facts: {} } }), 'entry_not_in_tree');
  assert.equal(await codeOf(log, 5, { opening: { ...opening, facts: { name: 'other' } } }), 'opening_differs');
  assert.equal(await codeOf(log, 300), 'entry_not_in_tree');
  assert.equal(await codeOf({ ...log, files: new Map() }, 5), 'tile_missing');
});
