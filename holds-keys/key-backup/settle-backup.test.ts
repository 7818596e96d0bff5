import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { removeRecord } from '../custody/records.ts';
import { writeKeyFile } from '../custody/key-file.ts';
import { backupKeys } from './backup-keys.ts';
import { settleBackup } from './settle-backup.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-settle-'));
after(() => rmSync(folder, { recursive: true }));
const passphrase = 'correct horse battery staple';

test('a key that was destroyed before the ledger knew of the backup stays in no file; one that came since changes nothing', { timeout: 60_000 }, async () => {
  const [keys, place] = [join(folder, 'keys'), join(folder, 'backup.keys')];
  mkdirSync(join(keys, 'data/prj_1'), { recursive: true, mode: 0o700 });
  for (const name of ['root.key', 'ca.pem', 'data/prj_1/obj_1.json', 'data/prj_1/obj_2.json']) writeKeyFile(join(keys, name), name, 0o600);
  await backupKeys(folder, place, passphrase);
  writeKeyFile(join(keys, 'data/prj_1/obj_3.json'), 'new', 0o600);
  assert.deepEqual(await settleBackup(folder, place, passphrase), { settled: true });
  removeRecord(join(keys, 'data/prj_1/obj_1.json'));
  assert.deepEqual([await settleBackup(folder, place, passphrase), existsSync(place)], [{ settled: false }, false]);
  await backupKeys(folder, place, passphrase);
  assert.deepEqual([await settleBackup(folder, place, passphrase), existsSync(place)], [{ settled: true }, true]);
});
