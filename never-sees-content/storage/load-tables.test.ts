/** What is read of one database and loaded into another is the same to the byte, and a load that fails leaves nothing. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { emptyDatabase, startDatabase } from './database-under-test.ts';
import type { DatabaseUnderTest } from './database-under-test.ts';
import { loadTables, requireEmpty } from './load-tables.ts';
import type { TableSource } from './load-tables.ts';
import { readTables } from './read-tables.ts';
import { Storage } from './storage.ts';

const serverUrl = process.env['MODELKEEP_TEST_DATABASE_URL'];
let database: DatabaseUnderTest;
let other: Awaited<ReturnType<typeof emptyDatabase>>;
before(async () => { database = await startDatabase(serverUrl); });
after(async () => { await database.stop(); });
beforeEach(async () => { other = await emptyDatabase(database, serverUrl); });
afterEach(async () => { await other.stop(); });

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try { return (await client.query<Record<string, unknown>>(text)).rows; } finally { await client.end(); }
}
async function listed(batches: AsyncIterable<string[]>): Promise<string[]> {
  const rows: string[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}
/** Everything that was read, in memory. */
async function taken(): Promise<TableSource> {
  return await readTables(database.url, async ({ schema, tables, sequences, rows }) => {
    const all = new Map<string, string[][]>();
    for (const table of tables) all.set(table, [await listed(rows(table))]);
    return { schema, tables, sequences, rows: (table) => fromList(all.get(table) ?? []) };
  });
}
// eslint-disable-next-line @typescript-eslint/require-await
async function* fromList(batches: string[][]): AsyncGenerator<string[]> { yield* batches; }
const nothing = (): Promise<undefined> => Promise.resolve(undefined);
const isEmpty = async (): Promise<void> => { await requireEmpty(other.url); };

const texts = ['', 'ü \u2028 \u2029', 'a "quoted" \\ back\\\\slash', 'line\nbreak\r\n\ttab', '\u{1f512}', '["projects",{"x":1}]', 'null'];

test('every row of every table, whatever is in it; numbers go on where they were', async () => {
  for (const [i, text] of texts.entries()) await database.statement('insert into projects values ($1, $2, now() + $3 * interval \'1 microsecond\', $4)', [`prj_${i}`, `${text}-${i}`, i, text]);
  await database.statement(`insert into usage_records values ('req_1', 'prj_1', 'dep_1', 'd', 'r', 'o', 'complete', '2026-01-01T00:00:00.123456Z', 9007199254740993, 0, 9223372036854775807)`);
  await database.statement(`insert into ledger_tiles values (0, 0, decode(repeat('00ff5c0a', 8), 'hex'))`);
  await database.statement(`insert into model_versions (digest, name, version, manifest, imported_by) select 'd' || n, 'm' || n, '1', '{"a": [1, 2.50, null, "x\\ny"]}', 'me' from generate_series(1, 1203) n`);
  await loadTables(other.url, await taken(), nothing);
  for (const table of ['projects', 'usage_records', 'ledger_tiles', 'model_versions', 'ledger_head', 'ledger_entries']) {
    const rows = `select t::text row from ${table} t order by 1`;
    assert.deepEqual(await ask(other.url, rows), await ask(database.url, rows), table);
  }
  await ask(other.url, `insert into model_versions (digest, name, version, manifest, imported_by) values ('next', 'next', '1', '{}', 'me')`);
  assert.deepEqual(await ask(other.url, `select position::int from model_versions where digest = 'next'`), [{ position: 1204 }]);
});

test('texts of any kind', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\0', '')), { maxLength: 20 }), async (names) => {
    await database.statement('delete from pins');
    for (const [i, name] of names.entries()) await database.statement(`insert into pins select digest, $1, $2 from model_versions limit 1`, [String(i), name]);
    const again = await emptyDatabase(database, serverUrl);
    try {
      await loadTables(again.url, await taken(), nothing);
      assert.deepEqual(await ask(again.url, 'select role, sha256 from pins order by 1'), await ask(database.url, 'select role, sha256 from pins order by 1'));
    } finally { await again.stop(); }
  }), { numRuns: 5 });
});

test('what is loaded is a database of Modelkeep like any other: it opens, refers, and its ledger is append-only', async () => {
  await loadTables(other.url, await taken(), nothing);
  const storage = await Storage.open(other.url);
  await storage.close();
  const constraints = `select c.conrelid::regclass::text || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) "constraint" from pg_constraint c join pg_namespace n on n.oid = c.connamespace where n.nspname = 'public' order by 1`;
  assert.deepEqual(await ask(other.url, constraints), await ask(database.url, constraints));
  await assert.rejects(ask(other.url, 'truncate ledger_entries'), /append-only/);
});

test('a database that is not empty, a newer schema, a row that does not fit, and a refusal at the end change nothing', async () => {
  const source = await taken();
  await assert.rejects(loadTables(database.url, source, nothing), { code: 'database_not_empty' });
  await assert.rejects(loadTables(other.url, { ...source, schema: '9999-future' }, nothing), { code: 'schema_newer' });
  await isEmpty();
  for (const [table, row] of [['projects', '{"id":"x"}'], ['projects', '{"id":"x","name":"x","created_at":"never","created_by":"x"}'], ['deployments', '{"id":"dep_1"}'], ['account_roles', '{"account_id":"nobody","project_id":null,"role":"reader"}']] as const) {
    await assert.rejects(loadTables(other.url, { ...source, rows: (name) => fromList(name === table ? [[row]] : []) }, nothing), { code: 'rows_refused' }, row);
    await isEmpty();
  }
  await assert.rejects(loadTables(other.url, { ...source, tables: [...source.tables, 'drafts'] }, nothing), { code: 'rows_refused' });
  await assert.rejects(loadTables(other.url, source, () => Promise.reject(new Error('refused'))), /refused/);
  await isEmpty();
});

test('a snapshot is of one moment, and changes nothing', async () => {
  await readTables(database.url, async ({ rows }) => {
    await database.statement(`insert into projects values ('prj_late', 'late', now(), 'me')`);
    assert.ok(!(await listed(rows('projects'))).some((row) => row.includes('prj_late')));
  });
});
