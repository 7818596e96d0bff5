import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import { GatewayError } from './gateway-error.ts';
import { Meter, UsageRefused } from './meter.ts';

const record = (n: number): UsageRecord => ({
  requestId: `req_${String(n).padStart(26, '0')}`, projectId: 'prj', deploymentId: 'dep', modelDigest: 'sha256:', region: 'local', operation: 'completion', outcome: 'complete', at: 0, promptTokens: 1, cachedTokens: 0, outputTokens: 1,
});
const ids = (records: UsageRecord[]): string[] => records.map(({ requestId }) => requestId);
const unavailable = (error: unknown): boolean => error instanceof GatewayError && error.code === 'metering_unavailable';

describe('the meter', () => {
  test('sends the records of one moment together, and the next while none is under way', async () => {
    const batches: number[] = [];
    let take = (): void => undefined;
    const meter = new Meter(async (records) => { batches.push(records.length); await new Promise<void>((resolve) => { take = resolve; }); });
    const records = [0, 1, 2].map((n) => meter.commit({ record: record(n) }));
    await immediate();
    records.push(meter.commit({ record: record(3) }), meter.commit({ record: record(4) }));
    for (const _ of [1, 2]) { await immediate(); take(); }
    await Promise.all(records);
    assert.deepEqual(batches, [3, 2]);
    assert.equal(meter.waiting, 0);
  });

  test('sends the same records again until they are taken', async () => {
    const sent: string[][] = [];
    const meter = new Meter((records) => { sent.push(ids(records)); return sent.length < 3 ? Promise.reject(new Error('away')) : Promise.resolve(); });
    await meter.commit({ record: record(1) });
    assert.deepEqual(sent, [ids([record(1)]), ids([record(1)]), ids([record(1)])]);
  });

  test('lets an answer\'s end wait so long and no longer, and still commits its record', async () => {
    let away = true;
    const committed: string[] = [];
    const meter = new Meter((records) => { if (away) return Promise.reject(new Error('away')); committed.push(...ids(records)); return Promise.resolve(); }, { patienceMs: 20 });
    await assert.rejects(meter.commit({ record: record(1) }), unavailable);
    away = false;
    await meter.drain(2000);
    assert.deepEqual(committed, ids([record(1)]));
  });

  test('finds the one record that cannot be taken, and commits all others', async () => {
    const committed: string[] = [];
    const bad = record(3).requestId;
    const meter = new Meter((records) => { if (ids(records).includes(bad)) return Promise.reject(new UsageRefused()); committed.push(...ids(records)); return Promise.resolve(); });
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => meter.commit({ record: record(n) })));
    assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    assert.deepEqual(committed, ids([1, 2, 4, 5].map(record)));
  });

  test('refuses answers their end at once where too many records wait already', async () => {
    let away = true;
    const meter = new Meter(() => (away ? Promise.reject(new Error('away')) : Promise.resolve()), { backlog: 1, patienceMs: 50 });
    const kept = meter.commit({ record: record(1) });
    await assert.rejects(meter.commit({ record: record(2) }), unavailable);
    await assert.rejects(kept, unavailable);
    assert.equal(meter.waiting, 1);
    away = false;
    await meter.drain(2000);
  });
});
