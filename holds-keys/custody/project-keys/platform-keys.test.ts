import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { newId } from '../orders-under-test.ts';
import { PlatformKeys } from './platform-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-platform-'));
const root = randomBytes(32);
const [project, other] = [newId('prj'), newId('prj')];
const path = (of: string, chain: string, version: number): string => join(folder, 'platform', of, chain, `${version}.json`);
let keys: PlatformKeys;
after(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => { rmSync(join(folder, 'platform'), { recursive: true, force: true }); keys = new PlatformKeys(folder, root); });
const restarted = (): PlatformKeys => new PlatformKeys(folder, root);

test('the first version is made when it is asked for, further ones beside it, and a restart finds them', () => {
  assert.equal(keys.current(project, 'platform'), 1);
  for (let version = 2; version <= 11; version++) assert.equal(keys.add(project, 'platform'), version);
  assert.equal(restarted().current(project, 'platform'), 11, 'by number, not by name');
  for (const version of keys.versions(project, 'platform')) assert.deepEqual(restarted().open(project, 'platform', version).key, keys.open(project, 'platform', version).key);
  assert.deepEqual(keys.versions(project, 'stand_in'), []);
  assert.notDeepEqual(keys.open(project, 'platform', 1).key, keys.open(project, 'platform', 2).key);
});

test('a key moved to another project, chain or version does not open; nor does one under another root', () => {
  keys.current(project, 'platform');
  for (const [of, chain, version] of [[other, 'platform', 1], [project, 'stand_in', 1], [project, 'platform', 2]] as const) {
    keys.add(of, chain);
    cpSync(path(project, 'platform', 1), path(of, chain, version));
    assert.throws(() => restarted().open(of, chain, version), { code: 'key_tampered' }, `${of} ${chain} ${version}`);
  }
  assert.throws(() => new PlatformKeys(folder, randomBytes(32)).open(project, 'platform', 1), { code: 'key_tampered' });
});

test('a destroyed version is gone: from memory, from the disk, and its number is not the newest one\'s', () => {
  keys.current(project, 'platform');
  keys.add(project, 'platform');
  const { key } = keys.open(project, 'platform', 1);
  keys.destroy(project, 'platform', 1);
  assert.ok(key.every((byte) => byte === 0));
  assert.throws(() => keys.open(project, 'platform', 1), { code: 'key_not_found' });
  assert.deepEqual(readdirSync(join(folder, 'platform', project, 'platform')), ['2.json']);
});

test('a damaged newest version is not replaced by an older or a new one', () => {
  keys.current(project, 'platform');
  keys.add(project, 'platform');
  writeFileSync(path(project, 'platform', 2), readFileSync(path(project, 'platform', 1)));
  const again = restarted();
  assert.equal(again.current(project, 'platform'), 2);
  assert.throws(() => again.open(project, 'platform', 2), { code: 'key_tampered' });
});

test('a project that ended gets no key again; one that has not is not touched', () => {
  keys.current(project, 'platform');
  keys.current(other, 'platform');
  keys.end(project);
  keys.destroyAll(project);
  for (const ask of [() => keys.current(project, 'platform'), () => keys.add(project, 'secrets')]) assert.throws(ask, { code: 'key_not_found' });
  assert.deepEqual(keys.versions(project, 'platform'), []);
  assert.equal(keys.current(other, 'platform'), 1);
});

test('what is no version is not taken for one', () => {
  keys.current(project, 'platform');
  writeFileSync(join(folder, 'platform', project, 'platform', 'copy.json'), '{}');
  assert.deepEqual(keys.versions(project, 'platform'), [1]);
});
