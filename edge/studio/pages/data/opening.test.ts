import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayOpen } from './opening.ts';
import type { Session } from '../../api/session.ts';

const session = (role: Session['role'], scope: Session['scope']): Session => ({ account: { id: 'usr_a', name: 'anna' }, kind: 'account', role, scope, project: 'default', projects: [], csrf: null, expiresAt: null, idleAt: null, hasPassword: true });

test('members and administrators of the project are offered every file, operators their own, readers none', () => {
  assert.deepEqual([mayOpen(session('member', 'project'), 'usr_b'), mayOpen(session('administrator', 'project'), 'usr_b'), mayOpen(session('member', 'installation'), 'usr_b')], [true, true, true]);
  assert.deepEqual([mayOpen(session('administrator', 'installation'), 'usr_b'), mayOpen(session('administrator', 'installation'), 'usr_a')], [false, true]);
  assert.deepEqual([mayOpen(session('reader', 'project'), 'usr_a'), mayOpen(session('reader', 'installation'), 'usr_b')], [false, false]);
});
