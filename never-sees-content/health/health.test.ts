/** Health: every check says what it found, and what is wrong says what to do. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HealthCheck } from '#contract/http/health.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { identifier } from '../identity/identifier.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import { checkAddress } from './address.ts';
import { checkWheels } from './wheels.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
const examine = async (as?: Principal): Promise<{ state: string; checks: HealthCheck[] }> => await control.get('GET', '/api/health', as ? { as } : {});
const find = (checks: HealthCheck[], id: HealthCheck['check']): HealthCheck => { const found = checks.find(({ check }) => check === id); assert.ok(found, id); return found; };
before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
});
after(async () => { await control.stop(); await database.stop(); });

describe('the installation', () => {
  test('is examined in every respect, and what is not well says what to do', async () => {
    const { state, checks } = await examine();
    assert.deepEqual(checks.map(({ check }) => check), ['database', 'ledger', 'custody', 'witnesses', 'deployments', 'isolation', 'address', 'disk', 'memory', 'clock', 'wheels']);
    for (const { check, state: own, action, found, means } of checks) assert.ok(found !== '' && means !== '' && (own === 'ok') === (action === null), check);
    for (const id of ['database', 'ledger', 'custody', 'deployments', 'address', 'clock'] as const) assert.equal(find(checks, id).state, 'ok', id);
    assert.equal(find(checks, 'witnesses').state, 'attention');
    assert.notEqual(state, 'ok');
  });
  test('tells a project nothing of deployments of another', async () => {
    const { id: theirs } = await control.get<{ id: string }>('POST', '/api/projects', { body: { name: 'theirs' } });
    const { id: ours } = await control.get<{ id: string }>('POST', '/api/projects', { body: { name: 'ours' } });
    const of = (projectId: string): Principal => ({ kind: 'project_token', id: identifier('tok'), projectId, deploymentId: null });
    await control.pretendPulled('smollm2-135m-instruct');
    await control.get('POST', '/api/deployments', { as: of(theirs), body: { name: 'secret-plan', model: 'smollm2-135m-instruct', kind: 'serverless' } });
    assert.equal(find((await examine(of(ours))).checks, 'deployments').found, 'There are none.');
    assert.match(find((await examine(of(theirs))).checks, 'deployments').found, /1 starting/);
  });
  test('whose entries wait to be published is not well', async () => {
    await database.statement("insert into ledger_entries (seq, at, kind, object, actor_kind, actor_id, facts, previous, hash, salt) values (1000000, '2026-01-01T00:00:00.000Z', 'token.created', 'x', 'system', 'control', '{}', 'p', 'h', decode(repeat('00', 32), 'hex'))");
    assert.equal(find((await examine()).checks, 'ledger').state, 'failed');
  });
});

describe('the way to the gateway', () => {
  for (const [origin, state] of [['http://127.0.0.1:8420', 'ok'], ['http://localhost:1', 'ok'], ['http://[::1]:1', 'ok'], ['https://models.example.org', 'ok'], ['http://192.0.2.7:8420', 'failed'], ['http://127.example.org', 'failed']] as const) {
    test(`${origin}: ${state}`, () => assert.equal(checkAddress(origin).state, state));
  }
});

test('a machine without python3 is told what installs it', async () => {
  const { state, command } = await checkWheels({ PATH: '/nowhere' });
  assert.deepEqual([state, command], ['attention', 'apt-get install python3-pip']);
});
