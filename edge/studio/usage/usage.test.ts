import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { csv } from './csv.ts';
import { customRange, rangeOf, stepsOf } from './range.ts';
import { byDeployment, total, totalsByDeployment } from './series.ts';
import type { UsageRow } from './series.ts';

const now = new Date('2026-03-10T10:20:30Z');
const row = (from: string, deployment: string, requests: number): UsageRow => ({ from, deployment, requests, aborted: 1, failed: 0, promptTokens: 10 * requests, cachedTokens: 0, outputTokens: requests });

describe('ranges', () => {
  test('of today are hours up to the one that runs; of a week are seven days', () => {
    assert.deepEqual(stepsOf(rangeOf('today', now)).length, 11);
    const week = stepsOf(rangeOf('7d', now));
    assert.deepEqual([week.length, week[0], week.at(-1)], [7, '2026-03-04T00:00:00.000Z', '2026-03-10T00:00:00.000Z']);
    assert.equal(stepsOf(rangeOf('30d', now)).length, 30);
  });
  test('of one’s own include both days, are hours while they are short, and make sense or are none', () => {
    const short = customRange('2026-03-01', '2026-03-02');
    assert.deepEqual([short?.step, short && stepsOf(short).length], ['hour', 48]);
    assert.equal(customRange('2026-03-01', '2026-03-31')?.step, 'day');
    for (const [first, last] of [['2026-03-02', '2026-03-01'], ['', '2026-03-01'], ['2020-01-01', '2026-01-01']] as const) assert.equal(customRange(first, last), undefined);
  });
});

describe('series', () => {
  const steps = stepsOf(rangeOf('7d', now));
  test('have a value for every step, the busiest deployment first', () => {
    const series = byDeployment([row('2026-03-05T00:00:00.000Z', 'quiet', 1), row('2026-03-05T00:00:00.000Z', 'busy', 5), row('2026-03-07T00:00:00.000Z', 'busy', 2)], steps, ({ requests }) => requests);
    assert.deepEqual(series.map(({ name, points }) => [name, points.map(({ value }) => value)]), [['busy', [0, 5, 0, 2, 0, 0, 0]], ['quiet', [0, 1, 0, 0, 0, 0, 0]]]);
  });
  test('that are too many are summed, and nothing is lost', () => {
    const rows = Array.from({ length: 20 }, (_, i) => row('2026-03-05T00:00:00.000Z', `d-${i}`, i + 1));
    const series = byDeployment(rows, steps, ({ requests }) => requests);
    assert.equal(series.length, 7);
    assert.equal(series.at(-1)?.name, '14 others');
    assert.equal(series.reduce((sum, each) => sum + total(each), 0), 210);
  });
  test('of several steps make one line a deployment', () => {
    assert.deepEqual(totalsByDeployment([row('a', 'x', 1), row('b', 'x', 2), row('b', 'y', 9)]).map(({ deployment, requests, promptTokens, aborted }) => [deployment, requests, promptTokens, aborted]), [['y', 9, 90, 1], ['x', 3, 30, 2]]);
  });
});

describe('CSV', () => {
  test('runs no formula, and quotes what needs it', () => {
    assert.equal(csv(['a', 'b'], [['=1+1', -1], ['@x', 2], ['say "hi", all', 3]]), 'a,b\r\n\'=1+1,-1\r\n\'@x,2\r\n"say ""hi"", all",3\r\n');
  });
});
