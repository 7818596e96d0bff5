import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingIn } from './standing.ts';

test('the greater role counts, and where it holds', () => {
  assert.equal(standingIn([{ project_id: 'prj_a', role: 'member' }], 'prj_b'), undefined);
  assert.deepEqual(standingIn([{ project_id: 'prj_a', role: 'administrator' }, { project_id: null, role: 'reader' }], 'prj_a'), { role: 'administrator', scope: 'project' });
  assert.deepEqual(standingIn([{ project_id: 'prj_a', role: 'administrator' }, { project_id: null, role: 'reader' }], 'prj_b'), { role: 'reader', scope: 'installation' });
  assert.deepEqual(standingIn([{ project_id: 'prj_a', role: 'administrator' }, { project_id: null, role: 'administrator' }], 'prj_a'), { role: 'administrator', scope: 'installation' });
});
