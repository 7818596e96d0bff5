import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limits, LimitsChange } from '#contract/http/deployments.ts';
import { changed, isSound, limitOptions, problemOfLimit, typed, usualLimits } from './limits.ts';
import type { LimitName } from './limits.ts';

test('limits are those of the contract, in their defaults and bounds', () => {
  assert.deepEqual(Limits.parse({}), usualLimits);
  for (const name of Object.keys(usualLimits) as LimitName[]) {
    for (const text of ['-1', '0', '1', '4096', '4097', '65536', '65537', '600000', '600001', '10000000', '10000001', '1000000000', '1000000001']) {
      assert.equal(problemOfLimit(name, text) === undefined, LimitsChange.safeParse({ [name]: Number(text) }).success, `${name} ${text}`);
    }
    for (const text of ['', '1.5', 'x', '1e3']) assert.notEqual(problemOfLimit(name, text), undefined);
  }
});
test('only what differs is sent, and the command line says the same', () => {
  const next = { ...typed(usualLimits), concurrency: '8', queueTimeoutMs: '5000' };
  assert.ok(isSound(next));
  assert.deepEqual(changed(next, usualLimits), { concurrency: 8, queueTimeoutMs: 5000 });
  assert.equal(limitOptions(changed(next, usualLimits)), ' --concurrency 8 --queue-timeout 5000');
});
