import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ConfigurationError } from './configuration-error.ts';
import { openDataFolder, openRunFolder } from './folders.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mk-folders-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const mode = (path: string): number => statSync(path).mode & 0o777;

test('a data folder is made, and is for its user only; one that is there is opened again', () => {
  const data = join(folder, 'a/b/data');
  openDataFolder(data);
  writeFileSync(join(data, 'lock'), '');
  writeFileSync(join(data, 'notes of the operator'), '');
  chmodSync(data, 0o755);
  openDataFolder(data);
  assert.equal(mode(data), 0o700);
});

test('an empty mount, and a link to a folder, can be data folders', () => {
  mkdirSync(join(folder, 'mount/lost+found'), { recursive: true });
  symlinkSync(join(folder, 'mount'), join(folder, 'link'));
  openDataFolder(join(folder, 'link'));
  assert.equal(mode(join(folder, 'mount')), 0o700);
});

test('a folder with other things in it is refused and keeps its mode', () => {
  for (const name of ['precious.txt', 'lock/']) {
    const other = mkdtempSync(join(folder, 'other-'));
    chmodSync(other, 0o755);
    mkdirSync(join(other, 'logs'));
    if (name.endsWith('/')) { mkdirSync(join(other, name)); writeFileSync(join(other, 'more'), ''); } else writeFileSync(join(other, name), '');
    assert.throws(() => openDataFolder(other), ConfigurationError);
    assert.equal(mode(other), 0o755);
  }
});

test('a place that is not ours is refused: a link, a file, another user\'s folder', () => {
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'run'));
  assert.throws(() => openRunFolder(join(folder, 'run')), ConfigurationError);
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => openRunFolder(join(folder, 'file')), ConfigurationError);
  assert.throws(() => openRunFolder(process.getuid?.() === 0 ? othersFolder() : '/'), ConfigurationError);
});

function othersFolder(): string {
  const path = join(folder, 'others');
  mkdirSync(path);
  chownSync(path, 65_534, 65_534);
  return path;
}

test('a folder whose restore is not complete is not opened, and stays as it is', () => {
  writeFileSync(join(folder, 'lock'), '');
  writeFileSync(join(folder, 'restoring'), '{}');
  chmodSync(folder, 0o755);
  assert.throws(() => openDataFolder(folder), /restore into .* is not complete/);
  assert.equal(mode(folder), 0o755);
});
