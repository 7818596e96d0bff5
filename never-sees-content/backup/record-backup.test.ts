import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MadeBackup } from '#contract/internal/backup.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { identifier } from '../identity/identifier.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
before(async () => { database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']); control = await ControlUnderTest.start(database); });
after(async () => { await control.stop(); await database.stop(); });

const made: MadeBackup = { id: identifier('bak'), kind: 'data', takenAt: '2026-11-26T00:00:00.000Z', objects: 3, bytes: 5_000_000_000, digest: `sha256:${'ab'.repeat(32)}`, place: '/srv/a place' };

test('a backup is entered once, however often it is told, and administrators can list it', async () => {
  for (let i = 0; i < 3; i++) await control.get('POST', '/internal/backups', { as: null, body: made });
  assert.deepEqual(await control.get('GET', '/api/backups'), { data: [made] });
  const entries = await database.statement(`select object, facts from ledger_entries where kind = 'backup.recorded'`);
  assert.deepEqual(entries, [{ object: made.id, facts: { backupKind: 'data', takenAt: made.takenAt, bytes: made.bytes, count: made.objects, backupDigest: made.digest, place: made.place } }]);
});

test('where it lies is not published', async () => {
  await control.context.ledger.publish();
  const [head] = await database.statement('select seq from ledger_head');
  const published = (await control.bytes(`/ledger/tile/entries/000.p/${String(head?.['seq'])}`)).toString();
  assert.ok(published.includes(made.digest) && !published.includes(made.place));
});

test('nobody but an administrator of the installation reads the list, and what is no backup is not entered', async () => {
  const [project] = await database.statement('select id from projects');
  const token: Principal = { kind: 'project_token', id: identifier('tok'), projectId: String(project?.['id']), deploymentId: null };
  assert.equal(await control.refusal('GET', '/api/backups', { as: token }), '403 permission_denied');
  for (const body of [{ ...made, id: 'bak_1' }, { ...made, kind: 'all' }, { ...made, place: '' }, { ...made, more: 1 }, { ...made, bytes: -1 }, {}]) assert.equal(await control.refusal('POST', '/internal/backups', { as: null, body }), '400 invalid_request');
});
