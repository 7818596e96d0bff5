import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock } from '../clock.ts';
import { Leases } from './leases.ts';

const gone = { code: 'key_not_found' };

test('a lease lives for three seconds, and for three more each time that it is renewed', (context) => {
  let now = 0;
  context.mock.method(clock, 'now', () => now);
  const leases = new Leases();
  const lease = leases.begin('prj_a', 'obj_a');
  for (now = 0; now < 30_000; now += 2900) leases.renew(lease);
  now += 3001;
  assert.throws(() => leases.find(lease), gone);
  assert.throws(() => leases.renew(lease), gone, 'an ended lease is not begun again');
  assert.equal(leases.any('prj_a'), false);
});

test('it ends with its object\'s keys, with its project, and when its holder says so', () => {
  const leases = new Leases();
  const [one, two, three, four] = [leases.begin('prj_a', 'obj_a'), leases.begin('prj_a', 'obj_a'), leases.begin('prj_a', 'obj_b'), leases.begin('prj_b', 'obj_c')];
  assert.equal(leases.endOf('obj_a'), 2);
  for (const lease of [one, two]) assert.throws(() => leases.find(lease), gone);
  assert.equal(leases.endOf('obj_a'), 0);
  assert.equal(leases.endOfProject('prj_a'), 1);
  assert.throws(() => leases.find(three), gone);
  assert.equal(leases.any('prj_b'), true);
  leases.end(four);
  assert.equal(leases.any('prj_b'), false);
  assert.throws(() => leases.find('made up'), gone);
});
