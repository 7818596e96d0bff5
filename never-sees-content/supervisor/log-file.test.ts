import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LogFile } from './log-file.ts';

test('a log grows to 16 MiB, keeps one older part, and is for its user only', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mk-log-'));
  try {
    const log = new LogFile(join(folder, 'a.log'));
    const line = `${'x'.repeat(1_048_575)}\n`;
    for (let i = 0; i < 40; i++) log.write(line);
    assert.equal(statSync(join(folder, 'a.log')).size, 8 << 20);
    assert.equal(statSync(join(folder, 'a.log.1')).size, 16 << 20);
    assert.equal(statSync(join(folder, 'a.log')).mode & 0o777, 0o600);
  } finally { rmSync(folder, { recursive: true, force: true }); }
});

test('it goes on where an earlier process stopped, and a folder that is gone stops nobody', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mk-log-'));
  new LogFile(join(folder, 'a.log')).write('one\n');
  new LogFile(join(folder, 'a.log')).write(Buffer.from('two\n'));
  assert.equal(readFileSync(join(folder, 'a.log'), 'utf8'), 'one\ntwo\n');
  rmSync(folder, { recursive: true });
  new LogFile(join(folder, 'a.log')).write('three\n');
});
