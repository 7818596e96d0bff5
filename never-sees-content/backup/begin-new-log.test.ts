/** A restored installation does not speak under the old log's name: of no size is more than one root signed under one name. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { identifier } from '../identity/identifier.ts';
import { LedgerPublisher } from '../ledger/publisher.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { emptyDatabase, startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import { loadTables } from '../storage/load-tables.ts';
import { readTables } from '../storage/read-tables.ts';
import { Storage } from '../storage/storage.ts';
import { beginNewLog } from './begin-new-log.ts';
import type { Restored } from './begin-new-log.ts';
import { describeDatabase } from './describe-database.ts';

const serverUrl = process.env['MODELKEEP_TEST_DATABASE_URL'];
let database: DatabaseUnderTest;
let control: ControlUnderTest;
const ends: (() => Promise<void>)[] = [];
before(async () => { database = await startDatabase(serverUrl); control = await ControlUnderTest.start(database); await control.pretendPulled('smollm2-135m-instruct'); });
after(async () => { for (const end of ends.reverse()) await end(); await control.stop(); await database.stop(); });

/** A database as `from` is now. */
async function restoredFrom(from: string, hasModel = false, archive?: MadeBackup): Promise<{ url: string; restored: Restored }> {
  const target = await emptyDatabase(database, serverUrl);
  ends.push(target.stop);
  const restored = await readTables(from, async (snapshot) => {
    const origin = await describeDatabase(snapshot);
    return await loadTables(target.url, snapshot, (tx) => beginNewLog(tx, { origin, digest: `sha256:${'0'.repeat(64)}`, restoreId: identifier('rst'), hasModel: () => hasModel, ...(archive ? { archive } : {}) }));
  });
  return { url: target.url, restored };
}
/** Enters something and publishes it. @returns every checkpoint since `size`, as `name size root` */
async function goOn(url: string, size: number): Promise<string[]> {
  const storage = await Storage.open(url);
  const publisher = new LedgerPublisher(storage, control.context.custody);
  try {
    await publisher.checkKey();
    for (let i = 0; i < 3; i++) {
      await storage.transact({ kind: 'system', id: 'control' }, () => Promise.resolve({ result: undefined, entry: { kind: 'token.created', object: identifier('tok'), projectId: null, facts: {} } }));
      await publisher.publish();
    }
    return (await storage.read((db) => db.selectFrom('ledger_checkpoints').select('note').where('size', '>', size).execute())).map(({ note }) => note.split('\n').slice(0, 3).join(' '));
  } finally { await publisher.close(); await storage.close(); }
}

test('the old installation and two restores of the same moment all go on, each under a name of its own', async () => {
  await control.context.ledger.publish();
  const size = Number((await control.bytes('/ledger/checkpoint')).toString().split('\n')[1]);
  const [one, two] = [await restoredFrom(database.url), await restoredFrom(database.url)];
  const again = await restoredFrom(one.url);
  const signed = [await goOn(database.url, size), await goOn(one.url, size), await goOn(two.url, size), await goOn(again.url, size)].flat();
  assert.equal(signed.length, 12);
  const names = new Set(signed.map((each) => each.split(' ')[0]));
  assert.equal(names.size, 4, [...names].join());
  const places = signed.map((each) => each.split(' ').slice(0, 2).join(' '));
  assert.equal(new Set(places).size, places.length, 'one name and size, one root');
});

test('a model whose file is not there is not said to be pulled', async () => {
  const without = await restoredFrom(database.url);
  assert.deepEqual(without.restored.modelsToPull, ['smollm2-135m-instruct']);
  assert.deepEqual((await restoredFrom(database.url, true)).restored.modelsToPull, []);
});

test('the archive that an installation was restored from is known there: a deletion has to name it', async () => {
  const archive: MadeBackup = { id: identifier('bak'), kind: 'data', takenAt: new Date().toISOString(), objects: 3, bytes: 5, digest: `sha256:${'cd'.repeat(32)}`, place: '/srv/archive' };
  const { url, restored } = await restoredFrom(database.url, true, archive);
  const storage = await Storage.open(url);
  try {
    const { row, last } = await storage.read(async (db) => ({
      row: await db.selectFrom('backups').selectAll().where('id', '=', archive.id).executeTakeFirstOrThrow(), last: await db.selectFrom('ledger_entries').select(['seq', 'kind', 'object']).orderBy('seq', 'desc').limit(2).execute(),
    }));
    assert.deepEqual([row.kind, row.place, row.digest], ['data', archive.place, archive.digest]);
    assert.deepEqual(last.map(({ kind }) => kind), ['backup.recorded', 'installation.restored']);
    assert.deepEqual([last[0]?.object, last[0]?.seq], [archive.id, restored.entries]);
  } finally { await storage.close(); }
});
