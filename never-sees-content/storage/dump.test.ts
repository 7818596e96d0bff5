import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDatabase } from './database-under-test.ts';
import type { DatabaseUnderTest } from './database-under-test.ts';
import { dumpTables, embeddedUrl, flush, serverVersion } from './dump.ts';

let database: DatabaseUnderTest;
before(async () => {
  database = await startDatabase(undefined);
  await database.statement('create schema "other ""one"""');
  await database.statement('create table "other ""one"""."a table" (note text)');
  // Compressed and sliced in the files: the word is in none of them as it is here.
  await database.statement('insert into "other ""one"""."a table" select repeat(\'x\', 500000) || \'needle\' || repeat(\'y\', 500000) from generate_series(1, 3)');
  await database.statement('create table hidden (note text)');
}, { timeout: 60_000 });
after(() => database?.stop());

async function dumped(url: string): Promise<{ text: Map<string, string>; refused: string[] }> {
  const text = new Map<string, string>();
  const tables = await dumpTables(url, (table, rows) => text.set(table, (text.get(table) ?? '') + rows));
  return { text, refused: tables.filter(({ refused }) => refused !== null).map(({ name }) => name) };
}

test('every table of every schema is read whole, whatever it is called and however it is stored', async () => {
  const { text, refused } = await dumped(embeddedUrl(join(database.folder, 'run')));
  assert.equal(text.get('other "one".a table')?.split('needle').length, 4);
  assert.ok(text.has('public.ledger_head') && text.has('pg_catalog.pg_class'));
  assert.deepEqual(refused, []);
});

test('a table that may not be read is told, and the others are read all the same', async () => {
  await database.statement('revoke all on hidden from modelkeep');
  const { text, refused } = await dumped(database.url);
  assert.ok(refused.includes('public.hidden') && text.has('public.ledger_head'));
});

test('the files are written on demand, by one who may ask for it', async () => {
  await flush(embeddedUrl(join(database.folder, 'run')));
  await assert.rejects(flush(database.url), { code: '42501' });
  assert.match(await serverVersion(database.url), /^\d+/);
});
