/** The data map (P1) and the database agree, column by column: what is stored is declared, and what is declared is stored. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tables } from '#contract/data-map/tables.ts';
import { startDatabase } from './database-under-test.ts';
import type { DatabaseUnderTest } from './database-under-test.ts';

let database: DatabaseUnderTest;
before(async () => { database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']); });
after(async () => { await database.stop(); });

/** Columns of every schema but Postgres's own, views and materialised views included. */
const stored = `
  select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname || '.' || a.attname as column
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;

async function differences(): Promise<{ undeclared: string[]; missing: string[] }> {
  const there = new Set((await database.statement(stored)).map(({ column }) => String(column)));
  const declared = new Set(Object.entries(tables).flatMap(([table, { columns }]) => Object.keys(columns).map((column) => `${table}.${column}`)));
  return { undeclared: [...there].filter((each) => !declared.has(each)).sort(), missing: [...declared].filter((each) => !there.has(each)).sort() };
}

test('a fresh database has what the data map declares, and nothing else', async () => assert.deepEqual(await differences(), { undeclared: [], missing: [] }));

const plants: [name: string, make: string, undo: string, found: Awaited<ReturnType<typeof differences>>][] = [
  ['a table that nobody declared', 'create table drafts (prompt text)', 'drop table drafts', { undeclared: ['drafts.prompt'], missing: [] }],
  ['a column that nobody declared', 'alter table usage_records add column prompt text', 'alter table usage_records drop column prompt', { undeclared: ['usage_records.prompt'], missing: [] }],
  ['a table in another schema', 'create schema aside create table drafts (prompt text)', 'drop schema aside cascade', { undeclared: ['aside.drafts.prompt'], missing: [] }],
  ['a declared column that is gone', 'alter table pins rename column role to part', 'alter table pins rename column part to role', { undeclared: ['pins.part'], missing: ['pins.role'] }],
];
for (const [name, make, undo, found] of plants) {
  test(`${name} would be noticed`, async () => {
    await database.statement(make);
    try { assert.deepEqual(await differences(), found); } finally { await database.statement(undo); }
  });
}
