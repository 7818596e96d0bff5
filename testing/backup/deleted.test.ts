/** P16: a backup from before a deletion does not bring back what was deleted: restored on a second installation, with the keys of afterwards, its bytes are there and nothing opens them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { DeletionStatement } from '#contract/deletion.ts';
import { atRest } from '../data/at-rest.ts';
import type { AtRest } from '../data/at-rest.ts';
import { accepted, Caller } from '../data/caller.ts';
import { command, Installation, project } from '../installation.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-deleted-'));
const [place, keyFile, passphrase, certificate] = ['backup', 'keys', 'passphrase', 'deletion.json'].map((name) => join(folder, name)) as [string, string, string, string];
const [doomed, other] = [randomBytes(600_000), randomBytes(1000)];
let installation: Installation;
let restored: Installation | undefined;
let caller: Caller;
let at: AtRest;
let ids: { doomed: string; other: string };
before(async () => {
  writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 });
  installation = await Installation.start();
  caller = await Caller.operatorsToken(installation, 'backup');
  const [one, two] = [await caller.stored(doomed), await caller.stored(other)];
  ids = { doomed: one.id, other: two.id };
  at = await atRest(installation, one);
}, { timeout: 150_000 });
after(async () => {
  await caller?.close();
  await installation?.remove();
  await restored?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('the certificate names the backup that was made before, and that what it has cannot be opened', { timeout: 300_000 }, async () => {
  await installation.json('backup', place);
  accepted(await caller.remove(ids.doomed));
  const document = accepted<{ entry: { opening: { facts: { statement: string } } } }>(await caller.ask('GET', `/api/ledger/deletions/${ids.doomed}`));
  writeFileSync(certificate, canonicalJson(document));
  const { copies } = JSON.parse(document.entry.opening.facts.statement) as DeletionStatement;
  assert.deepEqual(copies.filter((copy) => copy.place === place).map(({ outcome, after: tried }) => [outcome, tried]), [['undecryptable', 'key_not_found']]);
  assert.deepEqual([existsSync(at.bytes), existsSync(at.keys)], [false, false]);
});

test('restored beside it with the keys of afterwards: the bytes are back, and stay closed; everything else opens; the certificate still verifies', { timeout: 300_000 }, async () => {
  await installation.json('backup-keys', keyFile, '--passphrase-file', passphrase);
  const data = join(folder, 'restored');
  restored = new Installation({ data }, installation.port);
  await restored.json('restore', place);
  await restored.json('restore-keys', keyFile, '--passphrase-file', passphrase);
  await installation.stop();
  await restored.up();
  const bytes = at.bytes.replace(installation.data, data);
  assert.ok(readFileSync(bytes).length > doomed.length, 'its ciphertext came with the backup');
  assert.equal((await caller.content(ids.doomed)).status, 404);
  assert.ok((await caller.content(ids.other)).bytes.equals(other));
  const verdict = await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'deletion', certificate, '--json']);
  assert.equal(verdict.code, 0, verdict.stdout + verdict.stderr);
  accepted(await caller.remove(ids.doomed));
  assert.ok(!existsSync(bytes), 'deleted again, its bytes go too');
  const again = accepted<{ entry: { opening: { facts: { statement: string } } } }>(await caller.ask('GET', `/api/ledger/deletions/${ids.doomed}`));
  assert.ok((JSON.parse(again.entry.opening.facts.statement) as DeletionStatement).copies.some((copy) => copy.place === place), 'the archive that it was restored from is named');
});
