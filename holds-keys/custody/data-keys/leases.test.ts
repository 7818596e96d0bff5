import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Leases } from './leases.ts';

test('a jump of the clock, either way, ends no lease', () => {
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  try {
    const leases = new Leases();
    const lease = leases.begin('project', 'object');
    for (const now of [1_800_003_600_000, 1_799_996_400_000]) {
      mock.timers.setTime(now);
      assert.equal(leases.find(lease).object, 'object');
      leases.renew(lease);
    }
    assert.equal(leases.endOf('object'), 1);
    assert.throws(() => leases.find(lease), { code: 'key_not_found' });
  } finally { mock.timers.reset(); }
});
