/** Whoever may name a key for a project chooses paths on this machine by that: none of them reaches another project's key, or keeps custody busy. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openProvider } from '../../providers/open-provider.ts';
import { newId } from '../orders-under-test.ts';
import { admittedSettings } from './admitted-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-admitted-'));
const keys = join(folder, 'keys');
after(() => rmSync(folder, { recursive: true, force: true }));
const misconfigured = { code: 'customer_key_misconfigured' };

test('the development key that custody made for one project is no other project\'s', () => {
  const [theirs, ours] = [newId('prj'), newId('prj')];
  const made = admittedSettings(keys, theirs, { provider: 'file' });
  assert.ok(made.provider === 'file' && made.path !== undefined);
  assert.deepEqual(admittedSettings(keys, theirs, made), made, 'given again by the project that has it');
  assert.throws(() => admittedSettings(keys, ours, made), misconfigured);
  const link = join(folder, 'link.json');
  symlinkSync(made.path, link);
  for (const path of [link, join(keys, 'development', '..', 'development', `${theirs}.json`)]) assert.throws(() => admittedSettings(keys, ours, { provider: 'file', path }), misconfigured, path);
});

describe('what has no end, or waits for somebody', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', ['-m', '600', pipe]);
  // The last is a file of the system that says it is empty, and is longer than any memory.
  for (const path of [pipe, '/dev/zero', '/proc/self/pagemap']) {
    test(`is not read as certificates: ${path.split('/').at(-1)}`, { timeout: 10_000 }, () => {
      assert.throws(() => openProvider({ provider: 'vault', address: 'https://vault.test', mount: 'transit', key: 'a', caFile: path }, { token: 'x' }), { code: 'misconfigured' });
    });
    test(`is not read as a key: ${path.split('/').at(-1)}`, { timeout: 10_000 }, async () => {
      await assert.rejects(openProvider({ provider: 'file', path }, {}).current(), (error: { code?: string }) => error.code === 'misconfigured' || error.code === 'unreachable');
    });
  }
});
