import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { KeysUnreadable } from './keys-unreadable.ts';
import { openRootKey } from './root-key.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'mk-keys-')), 'keys');
  path = join(folder, 'root.key');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const refused = (reason: KeysUnreadable['reason']) => (error: unknown): boolean => error instanceof KeysUnreadable && error.reason === reason;

test('lifecycle: made once, the same at every later start, readable by its owner only', () => {
  const first = openRootKey(folder);
  assert.equal(first.length, 32);
  assert.deepEqual(openRootKey(folder), first);
  assert.equal(statSync(path).mode & 0o777, 0o400);
  assert.deepEqual(readdirSync(folder), ['root.key'], 'nothing else is left behind');
});

test('corruption: a key that was cut, or lengthened, is refused and stays as it is', () => {
  openRootKey(folder);
  for (const length of [0, 31, 33]) {
    chmodSync(path, 0o600);
    truncateSync(path, length);
    assert.throws(() => openRootKey(folder), refused('length'));
    assert.equal(readFileSync(path).length, length);
  }
});

test('exposure: a key that others may read is refused', () => {
  openRootKey(folder);
  for (const mode of [0o440, 0o404, 0o660, 0o644]) {
    chmodSync(path, mode);
    assert.throws(() => openRootKey(folder), refused('mode'));
  }
});

test('loss: a missing key is never replaced where an installation used one', () => {
  assert.throws(() => openRootKey(folder, true), refused('missing'));
  writeFileSync(join(folder, 'ca.key'), 'of an authority that was here before');
  assert.throws(() => openRootKey(folder), refused('missing'));
  assert.deepEqual(readdirSync(folder), ['ca.key']);
});

test('substitution: something that is not a file is refused', () => {
  openRootKey(folder);
  rmSync(path);
  symlinkSync('/dev/zero', path);
  assert.throws(() => openRootKey(folder), refused('access'));
});

test('interruption: what a killed writer left behind does not stand in the way', () => {
  openRootKey(folder);
  rmSync(path);
  writeFileSync(`${path}.making-0123456789abcdef`, 'half a key');
  assert.equal(openRootKey(folder).length, 32);
  assert.deepEqual(readdirSync(folder), ['root.key']);
});
