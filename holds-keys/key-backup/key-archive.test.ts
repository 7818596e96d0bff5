/** A backup of keys opens with its passphrase alone, and not at all where anything was changed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openKeys, readHeader, sealKeys } from './key-archive.ts';
import type { KeyFile } from './collect-keys.ts';

const passphrase = 'correct horse battery staple';
const files: KeyFile[] = [{ path: 'root.key', mode: 0o400, contents: randomBytes(32) }, { path: 'data/fil_one', mode: 0o400, contents: randomBytes(200) }, { path: 'ca.pem', mode: 0o600, contents: Buffer.alloc(0) }];
const about = { id: `bak_${'0'.repeat(26)}`, takenAt: '2026-11-26T00:00:00.000Z', authority: `sha256:${'0'.repeat(64)}` };
const archive = await sealKeys(files, about, passphrase);

test('what is sealed is opened, with any way of typing the same characters', async () => {
  assert.deepEqual((await openKeys(archive, passphrase)).files, files);
  const accented = await sealKeys(files, about, 'pässphrase-pässphrase'.normalize('NFD'));
  assert.deepEqual((await openKeys(accented, 'pässphrase-pässphrase'.normalize('NFC'))).files, files);
});

test('another passphrase opens nothing, and a short one is not taken', async () => {
  for (const wrong of ['', passphrase.slice(1), passphrase.toUpperCase()]) await assert.rejects(openKeys(archive, wrong), { code: 'passphrase_wrong' });
  await assert.rejects(sealKeys(files, about, 'too short'), { code: 'passphrase_short' });
});

test('a changed byte, a cut and a tail are found', async () => {
  const { line } = readHeader(archive);
  const sealed = Array.from({ length: 8 }, () => line.length + Math.floor(Math.random() * (archive.length - line.length)));
  const inHeader = Array.from({ length: 12 }, () => Math.floor(Math.random() * line.length));
  for (const at of [...inHeader, ...sealed, line.length - 1, line.length, archive.length - 1]) {
    const changed = Buffer.from(archive);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await assert.rejects(openKeys(changed, passphrase), /passphrase_wrong|not_a_key_backup/, `byte ${at}`);
  }
  for (const other of [archive.subarray(0, -1), archive.subarray(0, line.length), archive.subarray(0, 10), Buffer.alloc(0), Buffer.concat([archive, Buffer.from([0])])]) await assert.rejects(openKeys(other, passphrase), /passphrase_wrong|not_a_key_backup/);
});

test('a file that asks for more memory than the machine should give is refused before any work', () => {
  const { header } = readHeader(archive);
  const greedy = Buffer.from(`${JSON.stringify({ ...header, kdf: { ...header.kdf, memory: 1 << 30 } })}\n`);
  assert.throws(() => readHeader(greedy), { code: 'not_a_key_backup' });
});

test('nothing of the keys is in it in clear', () => {
  for (const { contents } of files.filter(({ contents }) => contents.length > 0)) for (const form of [contents, Buffer.from(contents.toString('base64')), Buffer.from(contents.toString('hex'))]) assert.ok(!archive.includes(form));
});
