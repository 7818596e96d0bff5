import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { identifier } from '../identity/identifier.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import { Storage } from '../storage/storage.ts';
import { checkChain } from './check-chain.ts';
import type { Actor } from './entry.ts';

const actor: Actor = { kind: 'local_user', id: 'local' };
let database: DatabaseUnderTest;
before(async () => { database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']); });
after(() => database.stop());

async function createProject(storage: Storage, name: string): Promise<void> {
  await storage.transact(actor, async (tx) => {
    const id = identifier('prj');
    await tx.insertInto('projects').values({ id, name, created_at: new Date().toISOString(), created_by: actor.id }).execute();
    return { result: undefined, entry: { kind: 'project.created', object: id, projectId: id, facts: { name, share: 0.1, large: 1e21, text: 'ü \u2028 "\\', none: null } } };
  });
}
const chain = (): ReturnType<typeof checkChain> => database.storage.read(checkChain);

describe('the ledger', () => {
  test('an empty one is whole', async () => assert.deepEqual(await chain(), { ok: true, entries: 0 }));

  test('many writers at once, in two processes’ worth of connections, leave no gap', async () => {
    const other = await Storage.open(database.url);
    await Promise.all(Array.from({ length: 60 }, (_, i) => createProject(i % 2 ? other : database.storage, `p-${i}`)));
    await other.close();
    assert.deepEqual(await chain(), { ok: true, entries: 60 });
  });

  test('a check while others write is not fooled', async () => {
    const writing = Promise.all(Array.from({ length: 20 }, (_, i) => createProject(database.storage, `w-${i}`)));
    for (let i = 0; i < 5; i++) assert.equal((await chain()).ok, true);
    await writing;
  });

  test('a change that fails leaves no entry, and its number is used by the next', async () => {
    await assert.rejects(createProject(database.storage, 'p-1'), { code: '23505' });
    await createProject(database.storage, 'next');
    assert.deepEqual(await chain(), { ok: true, entries: 81 });
  });

  test('of changes that are committed together, one that fails undoes itself alone', async () => {
    const outcomes = await Promise.allSettled(['g-1', 'g-2', 'p-1', 'g-3', 'g-2'].map((name) => createProject(database.storage, name)));
    assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'rejected']);
    assert.deepEqual(await chain(), { ok: true, entries: 84 });
  });

  test('an entry that cannot be written undoes its change', async () => {
    await database.statement('alter table ledger_entries add constraint nothing_more check (seq < 85)');
    await assert.rejects(createProject(database.storage, 'unrecorded'));
    await database.statement('alter table ledger_entries drop constraint nothing_more');
    assert.deepEqual(await database.statement("select * from projects where name = 'unrecorded'"), []);
  });

  test('entries cannot be changed, deleted or cut off', async () => {
    for (const text of ["update ledger_entries set object = 'x' where seq = 3", 'delete from ledger_entries where seq = 3', 'truncate ledger_entries']) {
      await assert.rejects(database.statement(text), /append-only/);
    }
  });

  test('a reader cannot write, even past its type', async () => {
    await assert.rejects(database.storage.read((db) => (db as unknown as { deleteFrom(table: string): { execute(): Promise<void> } }).deleteFrom('projects').execute()), { code: '25006' });
  });
});

describe('whoever gets round the trigger is found out', () => {
  /** Changes what they like as the table's owner, checks, and puts it back. */
  async function tampered(change: string): Promise<Awaited<ReturnType<typeof checkChain>>> {
    await database.statement('create table kept as select * from ledger_entries');
    await database.statement('create table kept_head as select * from ledger_head');
    await database.statement('alter table ledger_entries disable trigger ledger_append_only');
    await database.statement(change);
    const result = await chain();
    await database.statement('delete from ledger_entries');
    await database.statement('insert into ledger_entries select * from kept');
    await database.statement('update ledger_head set seq = kept_head.seq, hash = kept_head.hash from kept_head');
    await database.statement('alter table ledger_entries enable trigger ledger_append_only');
    for (const table of ['kept', 'kept_head']) await database.statement(`drop table ${table}`);
    return result;
  }
  const zeros = '0'.repeat(64);
  const cases: [name: string, change: string, failure: object][] = [
    ['a fact', `update ledger_entries set facts = '{"name":"other"}' where seq = 5`, { seq: 5, failure: 'hash' }],
    ['the actor', `update ledger_entries set actor_id = 'someone' where seq = 5`, { seq: 5, failure: 'hash' }],
    ['the kind', `update ledger_entries set kind = 'token.created' where seq = 5`, { seq: 5, failure: 'hash' }],
    ['the time', `update ledger_entries set at = '2020-01-01T00:00:00.000Z' where seq = 5`, { seq: 5, failure: 'hash' }],
    ['the hash', `update ledger_entries set hash = '${zeros}' where seq = 5`, { seq: 5, failure: 'hash' }],
    ['the link', `update ledger_entries set previous = 'x' where seq = 5`, { seq: 5, failure: 'previous' }],
    ['an entry taken out', 'delete from ledger_entries where seq = 5', { seq: 5, failure: 'gap' }],
    ['the first entry taken out', 'delete from ledger_entries where seq = 1', { seq: 1, failure: 'gap' }],
    ['the last entry taken out', 'delete from ledger_entries where seq = 84', { seq: 84, failure: 'head' }],
    ['all entries taken out', 'delete from ledger_entries', { seq: 84, failure: 'head' }],
    ['an entry added', `insert into ledger_entries select 85, at, kind, object, project_id, actor_kind, actor_id, facts, 'x', 'y', salt from ledger_entries where seq = 84`, { seq: 85, failure: 'previous' }],
    ['the head', `update ledger_head set seq = 7`, { seq: 7, failure: 'head' }],
  ];
  for (const [name, change, failure] of cases) test(name, async () => assert.deepEqual(await tampered(change), { ok: false, ...failure }));
  test('and put back, it is whole again', async () => assert.deepEqual(await chain(), { ok: true, entries: 84 }));
});
