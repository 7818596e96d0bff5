import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayCall, seesEveryProject } from './access.ts';
import type { Access } from './access.ts';
import type { Principal } from './internal/principal.ts';

const levels: Access[] = ['none', 'inference', 'read', 'project', 'people', 'administrator'];
const who = (kind: Principal['kind'], more: Partial<Principal> = {}): Principal => ({ kind, id: 'local', projectId: null, deploymentId: null, ...more });
/** One letter a level, in the order above; a dot where it is refused. */
const table: [string, Principal, string][] = [
  ['the user of modelkeep up', who('local_user'), 'nirpPa'],
  ['an administrator credential', who('administrator'), 'nirpPa'],
  ['an administrator of the installation', who('account', { role: 'administrator', scope: 'installation' }), 'nirpPa'],
  ['an administrator of the project', who('account', { role: 'administrator', scope: 'project' }), 'nirpP.'],
  ['a member', who('account', { role: 'member', scope: 'project' }), 'nirp..'],
  ['a member everywhere', who('account', { role: 'member', scope: 'installation' }), 'nirp..'],
  ['a reader', who('account', { role: 'reader', scope: 'project' }), 'n.r...'],
  ['an account without a role here', who('account'), 'n.....'],
  ['a project token', who('project_token'), 'nirp..'],
  ['an endpoint key', who('endpoint_key'), 'ni....'],
  ['a token that claims a role', who('project_token', { role: 'administrator', scope: 'installation' }), 'nirp..'],
];

for (const [name, principal, expected] of table) {
  test(`what ${name} may call`, () => {
    const actual = levels.map((level, i) => (mayCall(principal, level) ? 'nirpPa'[i] : '.')).join('');
    assert.equal(actual, expected);
  });
}

test('every project is open only to who has a role in the whole installation', () => {
  const open = table.filter(([, principal]) => seesEveryProject(principal)).map(([name]) => name);
  assert.deepEqual(open, ['the user of modelkeep up', 'an administrator credential', 'an administrator of the installation', 'a member everywhere']);
});
