/** Entries of the ledger as readers get them: their own project's, opened, filtered, newest first, and at once also where there are very many. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LedgerEntryView } from '#contract/http/ledger.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { identifier } from '../identity/identifier.ts';
import { ControlUnderTest, localUser } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

interface Answer { data: LedgerEntryView[]; total: number; next: number | null; kinds: { kind: string; count: number }[]; size: number; published: number }
let database: DatabaseUnderTest;
let control: ControlUnderTest;
let own: { id: string; token: Principal };
const list = async (query: string, as: Principal = own.token): Promise<Answer> => await control.get<Answer>('GET', `/api/ledger/entries${query}`, { as });

before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
  const { id } = await control.get<{ id: string }>('POST', '/api/projects', { body: { name: 'own' } });
  own = { id, token: { kind: 'project_token', id: identifier('tok'), projectId: id, deploymentId: null } };
  await control.get('POST', '/api/tokens', { as: own.token, body: { name: 'one' } });
});
after(async () => { await control.stop(); await database.stop(); });

describe('entries', () => {
  test('are those of the caller\'s project, newest first, with the facts that they keep sealed', async () => {
    const { data, total, kinds } = await list('');
    assert.deepEqual(data.map(({ kind }) => kind), ['token.created', 'project.created']);
    assert.equal(total, 2);
    assert.deepEqual(kinds, [{ kind: 'project.created', count: 1 }, { kind: 'token.created', count: 1 }]);
    assert.deepEqual(data[1]?.opening.facts, { name: 'own' });
    assert.equal(Buffer.from(data[1]?.opening.salt ?? '', 'base64').length, 32);
    assert.ok(data.every(({ project }) => project === own.id));
  });
  test('are filtered by kind, object and actor', async () => {
    const [newest] = (await list('')).data;
    assert.equal((await list('?kind=project.created')).total, 1);
    assert.deepEqual((await list(`?object=${newest?.object ?? ''}`)).data.map(({ index }) => index), [newest?.index]);
    assert.deepEqual((await list(`?actor=${own.token.id}`)).data.map(({ kind }) => kind), ['token.created']);
  });
  test('of the whole installation are for its administrators alone', async () => {
    assert.equal(await control.refusal('GET', '/api/ledger/entries?scope=installation', { as: own.token }), '403 permission_denied scope');
    const all = await list('?scope=installation', localUser);
    assert.equal(all.total, all.size);
    assert.equal(all.data.at(-1)?.kind, 'installation.created');
  });
  test('say by name who did it, where that is known', async () => {
    const person: Principal = { kind: 'account', id: identifier('usr'), projectId: own.id, deploymentId: null, role: 'member', scope: 'project' };
    await database.statement('insert into accounts (id, name, created_at, created_by) values ($1, $2, now(), $3)', [person.id, 'maria', 'system']);
    await control.get('POST', '/api/tokens', { as: person, body: { name: 'of-maria' } });
    assert.equal((await list(`?actor=${person.id}`)).data[0]?.actor.name, 'maria');
  });
  for (const query of ['?limit=501', '?limit=0', '?before=-1', '?kind=a', '?object=a%20b', '?more=1']) test(`${query} is refused`, async () => {
    assert.match(await control.refusal('GET', `/api/ledger/entries${query}`, { as: own.token }), /^400 /);
  });
});

test('of 100,000 any part comes within half a second, and stays where it is while entries are added', async () => {
  const many = 100_000;
  const { seq } = (await database.statement('select seq from ledger_head'))[0] as { seq: number };
  await database.statement(`insert into ledger_entries (seq, at, kind, object, project_id, actor_kind, actor_id, facts, previous, hash, salt)
    select $1::bigint + i, '2026-01-01T00:00:00.000Z', (array['token.created', 'token.revoked', 'key.regenerated'])[1 + i % 3], 'tok_' || i, $2, 'system', 'control', '{}', 'p' || i, 'h' || i, decode(repeat('00', 32), 'hex') from generate_series(1, ${many}) i`, [seq, own.id]);
  await database.statement('update ledger_head set seq = $1', [seq + many]);
  await database.statement('analyze ledger_entries');
  const slowest: number[] = [];
  const timed = async (query: string): Promise<Answer> => { const start = performance.now(); const answer = await list(query); slowest.push(performance.now() - start); return answer; };
  const newest = await timed('');
  const head = (newest.data[0]?.index ?? 0) + 1;
  const middle = await timed(`?before=${head}&offset=50000&limit=500`);
  assert.equal(middle.data.length, 500);
  assert.equal(middle.data[0]?.index, head - 1 - 50_000);
  await timed('?kind=token.revoked&offset=30000&limit=500');
  await timed('?object=tok_77777');
  assert.ok(Math.max(...slowest) < 500, `${Math.round(Math.max(...slowest))} ms`);
});
