import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeCanary } from '../canary.ts';
import { Needles } from './needles.ts';
import { Search } from './search.ts';
import { searchFolder } from './search-folder.ts';

const canaries = Array.from({ length: 300 }, makeCanary);
const needles = new Needles(canaries);
const canary = canaries[170] ?? '';
const spelled: Record<string, Buffer> = {
  plain: Buffer.from(canary), capitals: Buffer.from(canary.toUpperCase()), utf16: Buffer.from(canary, 'utf16le'),
  hexadecimal: Buffer.from(Buffer.from(canary).toString('hex')), 'hexadecimal capitals': Buffer.from(Buffer.from(canary).toString('hex').toUpperCase()),
  'json numbers': Buffer.from([...canary].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')),
  'base64+0': Buffer.from(Buffer.from(`abc${canary}xyz`).toString('base64')), 'base64+1': Buffer.from(Buffer.from(`a${canary}xyz`).toString('base64')), 'base64+2': Buffer.from(Buffer.from(`ab${canary}`).toString('base64')),
};

for (const [name, bytes] of Object.entries(spelled)) {
  test(`one of many is found, and known, as ${name}`, () => {
    const search = new Search(needles);
    search.inBytes('here', Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]));
    assert.deepEqual(search.hits, [{ text: canary, place: 'here', spelling: name }]);
  });
}

test('a beginning alone, another canary and compressed bytes are not hits', () => {
  const search = new Search(needles);
  for (const bytes of [Buffer.from(canary.slice(0, 19)), Buffer.from(makeCanary()), gzipSync(canary)]) search.inBytes('here', bytes);
  assert.deepEqual(search.hits, []);
});

test('strings of other making are searched along, each in its own spellings', () => {
  const search = new Search(new Needles([...canaries, 'a "quoted" secret', 'mk-ek-0123456789']));
  search.inText('one', JSON.stringify('a "quoted" secret'));
  search.inText('two', Buffer.from('..mk-ek-0123456789').toString('base64url'));
  assert.deepEqual(search.hits.map(({ place, spelling }) => [place, spelling]), [['one', 'json'], ['two', 'base64+2']]);
});

test('a folder is searched with its names, across the edge of a window, and since a time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelkeep-search-'));
  try {
    writeFileSync(join(folder, 'edge'), Buffer.concat([Buffer.alloc((1 << 22) - 7), Buffer.from(canary)]));
    writeFileSync(join(folder, `${canaries[3] ?? ''}.txt`), '');
    const search = new Search(needles);
    assert.deepEqual(searchFolder(search, folder), []);
    assert.deepEqual(search.hits.map(({ text }) => text).sort(), [canary, canaries[3]].sort());
    assert.equal(search.files, 2);
    const later = new Search(needles);
    searchFolder(later, folder, { since: Date.now() + 60_000 });
    assert.equal(later.files, 0);
  } finally { rmSync(folder, { recursive: true }); }
});
