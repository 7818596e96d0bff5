import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransferRate } from './transfer-rate.ts';

test('the rate is that of the last seconds, unknown at first, and falls where nothing comes', () => {
  const rate = new TransferRate();
  assert.equal(rate.perSecond(0), null);
  for (let at = 0; at <= 1000; at += 200) rate.add(at * 10, at);
  assert.equal(rate.perSecond(400), null);
  assert.equal(rate.perSecond(1000), 10_000);
  assert.equal(rate.perSecond(2000), 5000);
  for (let at = 10_000; at <= 20_000; at += 200) rate.add(10_000 + (at - 10_000), at);
  assert.equal(rate.perSecond(20_000), 1000, 'what was fast long ago no longer counts');
});
