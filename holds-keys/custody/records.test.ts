import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { z } from 'zod';
import { hasRecord, namesIn, readRecord, recordsIn, removeRecord, sweepUnfinished, writeRecord } from './records.ts';

const Thing = z.strictObject({ name: z.string(), disabled: z.boolean() });
const under = randomBytes(32);
const tampered = { code: 'key_tampered' };
const folder = mkdtempSync(join(tmpdir(), 'mk-records-'));
const path = join(folder, 'a/b/thing.json');
const ending = '0123456789abcdef';
after(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(join(folder, 'a'), { recursive: true, force: true });
  writeRecord(path, { name: 'one', disabled: true }, under);
});
const read = (): unknown => readRecord(path, Thing, under);

test('it is read as it was written, by its owner only, and exists once where it was asked to', () => {
  assert.deepEqual(read(), { name: 'one', disabled: true });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.throws(() => writeRecord(path, { name: 'two', disabled: false }, under, true), { code: 'EEXIST' });
  assert.deepEqual(read(), { name: 'one', disabled: true });
  assert.deepEqual(readdirSync(join(folder, 'a/b')), ['thing.json']);
  assert.equal(readRecord(join(folder, 'a/none.json'), Thing, under), undefined);
});

test('every changed bit is detected, and every cut', () => {
  const bytes = readFileSync(path);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, flipped);
    assert.throws(read, tampered, `bit ${bit}`);
  }
  for (let length = 0; length < bytes.length; length++) { writeFileSync(path, bytes.subarray(0, length)); assert.throws(read, tampered); }
});

test('an edit that only the schema would see is detected: it was not written under the seal', () => {
  writeFileSync(path, readFileSync(path, 'utf8').replace('true', 'false'));
  assert.throws(read, tampered);
  writeRecord(path, { name: 'one', disabled: false }, randomBytes(32));
  assert.throws(read, tampered);
});

test('others may read it, or it is no file: refused', () => {
  chmodSync(path, 0o644);
  assert.throws(read, tampered);
  rmSync(path);
  mkdirSync(path);
  assert.throws(read, tampered);
});

test('what it was is overwritten, when it is removed and when another takes its place', () => {
  for (const change of [() => writeRecord(path, { name: 'two', disabled: false }, under), () => assert.equal(removeRecord(path), true)]) {
    const old = openSync(path, 'r');
    change();
    const bytes = Buffer.alloc(1000);
    assert.ok(bytes.subarray(0, readSync(old, bytes)).every((byte) => byte === 0));
  }
  assert.equal(removeRecord(path), false);
  assert.equal(hasRecord(path), false);
  assert.deepEqual(readdirSync(join(folder, 'a/b')), []);
});

test('killed between linking a record to its place and removing the other name: the record stays', () => {
  linkSync(path, `${path}.making-${ending}`);
  sweepUnfinished(folder);
  assert.deepEqual(readdirSync(join(folder, 'a/b')), ['thing.json']);
  assert.deepEqual(read(), { name: 'one', disabled: true });
});

test('killed while it wrote, and while it removed: nothing is left, and what was removed is no record', () => {
  writeFileSync(`${path}.making-${ending}`, 'half');
  renameSync(path, `${path}.removing-${ending}`);
  assert.equal(read(), undefined);
  assert.deepEqual(recordsIn(join(folder, 'a/b')), []);
  const old = openSync(`${path}.removing-${ending}`, 'r');
  sweepUnfinished(folder);
  assert.deepEqual(readdirSync(join(folder, 'a/b')), []);
  const bytes = Buffer.alloc(1000);
  assert.ok(bytes.subarray(0, readSync(old, bytes)).every((byte) => byte === 0));
});

test('a folder that cannot be read is not an empty one, and a record that cannot be asked about not a missing one', () => {
  writeFileSync(join(folder, 'a/file'), '');
  assert.throws(() => namesIn(join(folder, 'a/file')), { code: 'ENOTDIR' });
  assert.throws(() => hasRecord(`${path}/${'x'.repeat(300)}`), (error: NodeJS.ErrnoException) => error.code !== undefined);
  assert.deepEqual(namesIn(join(folder, 'a/none')), []);
});
