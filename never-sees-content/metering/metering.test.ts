import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import { identifier } from '../identity/identifier.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

const model = 'smollm2-135m-instruct';
let database: DatabaseUnderTest;
let control: ControlUnderTest;
let projectId: string;
let deploymentId: string;
before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
  await control.pretendPulled(model);
  projectId = String((await control.get<{ data: { id: string }[] }>('GET', '/api/projects')).data[0]?.id);
  deploymentId = String((await control.get('POST', '/api/deployments', { body: { name: 'chat', model, kind: 'serverless' } }))['id']);
});
after(async () => { await control.stop(); await database.stop(); });

const record = (at: string, more: Partial<UsageRecord> = {}): UsageRecord => ({
  requestId: `req_${identifier('key').slice(4)}`, projectId, deploymentId, modelDigest: `sha256:${'0'.repeat(64)}`, region: 'north', operation: 'chat_completion', outcome: 'complete',
  at: Date.parse(at), promptTokens: 10, cachedTokens: 4, outputTokens: 3, ...more,
});
const send = (records: UsageRecord[]): Promise<Record<string, unknown>> => control.get('POST', '/internal/usage', { body: { records } });
const usage = (query = ''): Promise<{ data: Record<string, unknown>[]; totals: Record<string, number> }> => control.get('GET', `/api/usage${query}`);

describe('usage', () => {
  test('of nothing is nothing', async () => assert.deepEqual(await usage(), { data: [], totals: { requests: 0, aborted: 0, failed: 0, promptTokens: 0, cachedTokens: 0, outputTokens: 0 } }));

  test('is committed once, however often and from however many sides a batch is sent', async () => {
    const batch = Array.from({ length: 200 }, (_, i) => record('2026-03-01T10:15:00Z', i % 2 ? { outcome: 'aborted' } : {}));
    assert.deepEqual(await send(batch), { committed: 200 });
    await Promise.all([send(batch), send(batch.toReversed()), send([...batch, ...batch])]);
    assert.equal(Number((await database.statement('select count(*) as n from usage_records'))[0]?.['n']), 200);
    assert.deepEqual((await usage()).totals, { requests: 200, aborted: 100, failed: 0, promptTokens: 2000, cachedTokens: 800, outputTokens: 600 });
  });

  test('sent for the first time from several sides at once, in different orders, stands in nobody’s way', async () => {
    const batch = Array.from({ length: 3000 }, () => record('2026-02-01T00:00:00Z', { promptTokens: 0, cachedTokens: 0, outputTokens: 0 }));
    await Promise.all([send(batch), send(batch.toReversed()), send(batch), send(batch.toReversed())]);
    assert.equal((await usage('?to=2026-02-02T00:00:00Z')).totals['requests'], 3000);
    await database.statement("delete from usage_records where at < '2026-02-02'");
  });

  test('is summed by day and hour in UTC, within a range, and for one deployment', async () => {
    const gone = identifier('dep');
    await send([record('2026-03-01T10:59:59.999Z'), record('2026-03-01T11:00:00Z'), record('2026-03-01T23:30:00Z', { deploymentId: gone }), record('2026-03-02T00:00:00Z')]);
    const rows = (data: Record<string, unknown>[]): string[] => data.map((row) => `${String(row['from'])} ${String(row['deployment'])} ${String(row['requests'])}`);
    const missing = `deleted-${gone.slice(-8)}`;
    assert.deepEqual(rows((await usage('?by=day')).data), ['2026-03-01T00:00:00.000Z chat 202', `2026-03-01T00:00:00.000Z ${missing} 1`, '2026-03-02T00:00:00.000Z chat 1']);
    assert.deepEqual(rows((await usage('?by=hour&deployment=chat')).data), ['2026-03-01T10:00:00.000Z chat 201', '2026-03-01T11:00:00.000Z chat 1', '2026-03-02T00:00:00.000Z chat 1']);
    assert.deepEqual(rows((await usage(`?deployment=${missing}`)).data), [`2026-03-01T23:30:00.000Z ${missing} 1`]);
    assert.deepEqual(rows((await usage('?from=2026-03-01T11:00:00Z&to=2026-03-02T00:00:00Z')).data), ['2026-03-01T11:00:00.000Z chat 1', `2026-03-01T11:00:00.000Z ${missing} 1`]);
  });

  test('a batch with one bad record is refused whole', async () => {
    const before = (await usage()).totals;
    assert.equal(await control.refusal('POST', '/internal/usage', { body: { records: [record('2026-04-01T00:00:00Z'), { ...record('2026-04-01T00:00:00Z'), outputTokens: -1 }] } }), '400 invalid_request');
    assert.deepEqual((await usage()).totals, before);
  });

  test('the largest batch that the contract allows is taken', async () => {
    assert.deepEqual(await send(Array.from({ length: 10_000 }, () => record('2026-05-01T00:00:00Z'))), { committed: 10_000 });
  });
});
