import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { startDatabase } from './database-under-test.ts';
import type { DatabaseUnderTest } from './database-under-test.ts';
import { isDuplicate, isUnreachable } from './postgres-errors.ts';

let database: DatabaseUnderTest;
before(async () => { database = await startDatabase(undefined); }, { timeout: 60_000 });
after(() => database.stop());

const failure = async (work: Promise<unknown>): Promise<unknown> => await work.then(() => assert.fail('it works'), (error: unknown) => error);

test('a connection that the server ended is a server that is away: for what was asked at that moment, for what is asked afterwards, and after it was closed', async () => {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const pid = (await client.query<{ pid: number }>('select pg_backend_pid() pid')).rows[0]?.pid;
  const waiting = failure(client.query('select pg_sleep(60)'));
  await database.statement('select pg_terminate_backend($1)', [pid]);
  assert.ok(isUnreachable(await waiting));
  assert.ok(isUnreachable(await failure(client.query('select 1'))));
  await client.end();
  assert.ok(isUnreachable(await failure(client.query('select 1'))));
});

test('a statement that is wrong is no server that is away', async () => {
  const error = await failure(database.statement('select 1 from nowhere'));
  assert.ok(!isUnreachable(error) && !isDuplicate(error));
});
