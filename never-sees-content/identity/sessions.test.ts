/** Sessions, people and links as control answers for them, with a real database and key custody. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Agent, request } from 'undici';
import { join } from 'node:path';
import { sockets } from '#contract/installation.ts';
import type { CurrentSession, Session } from '#contract/http/sessions.ts';
import type { Person } from '#contract/http/people.ts';
import { ReleaseKey } from '#contract/internal/custody.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
let hashKey: Buffer;
before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
  const agent = new Agent({ connect: { socketPath: join(control.context.config.runFolder, sockets.custody) } });
  const answer = await request('http://custody/release-key', { method: 'POST', dispatcher: agent, body: JSON.stringify({ purpose: 'credential-hash' }) });
  hashKey = Buffer.from(ReleaseKey.response.parse(await answer.body.json()).key, 'base64');
  await agent.destroy();
});
after(async () => { await control.stop(); await database.stop(); });

const hashOf = (credential: string): string => createHmac('sha256', hashKey).update(credential).digest('hex');
interface Link { code: string; url: string; expiresAt: string }
const linkFor = async (account: string, more: { as?: Principal; expiresInMinutes?: number } = {}): Promise<Link> =>
  await control.get<Link>('POST', '/api/sign-in-links', { ...(more.as ? { as: more.as } : {}), body: { account, ...(more.expiresInMinutes === undefined ? {} : { expiresInMinutes: more.expiresInMinutes }) } });
const begin = { previous: null, browser: 'Firefox', system: 'Linux' };
const byLink = (code: string, previous: string | null = null): object => ({ ...begin, previous, proof: { method: 'link', hash: hashOf(code) } });
const byPassword = (name: string, verified: string): object => ({ ...begin, proof: { method: 'password', name, verified } });
const start = async (body: object): Promise<string> => (await control.get<{ session: string; shown: CurrentSession }>('POST', '/internal/sessions', { body })).session;
const resolve = async (session: string, project: string | null = null, used = true): Promise<Principal> =>
  (await control.get<{ principal: Principal }>('POST', '/internal/sessions/resolve', { body: { hash: hashOf(session), project, used } })).principal;
const refused = async (session: string, project: string | null = null): Promise<string> => await control.refusal('POST', '/internal/sessions/resolve', { body: { hash: hashOf(session), project, used: true } });
const person = async (name: string, role: string, as?: Principal, scope = 'project'): Promise<Person & { link: Link }> => await control.get('POST', '/api/people', { ...(as ? { as } : {}), body: { name, role, scope } });
const signedIn = async (name: string, role: string, as?: Principal, scope?: string): Promise<Principal> => await resolve(await start(byLink((await person(name, role, as, scope)).link.code)));

describe('a link', () => {
  test('for owner makes the first administrator of the installation, and works once', async () => {
    const { code, url } = await linkFor('owner');
    assert.equal(url, `http://127.0.0.1:8420/studio/sign-in#${code}`);
    const principal = await resolve(await start(byLink(code)));
    assert.deepEqual([principal.kind, principal.role, principal.scope], ['account', 'administrator', 'installation']);
    assert.equal(await control.refusal('POST', '/internal/sessions', { body: byLink(code) }), '401 sign_in_refused');
  });

  test('that two use at once signs in one of them', async () => {
    const { code } = await linkFor('owner');
    const answers = await Promise.all([1, 2, 3, 4].map(() => control.ask('POST', '/internal/sessions', { body: byLink(code) })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
  });

  test('is over after its time', async () => {
    const { code } = await linkFor('owner', { expiresInMinutes: 15 });
    control.clock.ahead += 16 * 60_000;
    try { assert.equal(await control.refusal('POST', '/internal/sessions', { body: byLink(code) }), '401 sign_in_refused'); } finally { control.clock.ahead = 0; }
  });

  test('is not made for a name that nobody has', async () => assert.equal(await control.refusal('POST', '/api/sign-in-links', { body: { account: 'nobody' } }), '404 person_not_found account'));
});

describe('a session', () => {
  test('ends after 30 minutes without use, and use keeps it open; a page that only looks again does not', async () => {
    const session = await start(byLink((await linkFor('owner')).code));
    try {
      for (const ahead of [20, 40, 60]) { control.clock.ahead = ahead * 60_000; await resolve(session); }
      control.clock.ahead = 80 * 60_000;
      await resolve(session, null, false);
      control.clock.ahead = 91 * 60_000;
      assert.equal(await refused(session), '401 session_ended');
    } finally { control.clock.ahead = 0; }
  });

  test('ends after 12 hours, however it is used', async () => {
    const session = await start(byLink((await linkFor('owner')).code));
    try {
      for (let minutes = 25; minutes < 12 * 60; minutes += 25) { control.clock.ahead = minutes * 60_000; await resolve(session); }
      control.clock.ahead = 12 * 3_600_000;
      assert.equal(await refused(session), '401 session_ended');
    } finally { control.clock.ahead = 0; }
  });

  test('that the browser had ends where another begins', async () => {
    const before = await start(byLink((await linkFor('owner')).code));
    const next = await start(byLink((await linkFor('owner')).code, hashOf(before)));
    assert.equal(await refused(before), '401 session_ended');
    assert.equal((await resolve(next)).kind, 'account');
  });

  test('is listed to its owner and ends at once when it is revoked; another\'s cannot be', async () => {
    const [mine, theirs] = [await signedIn('anna', 'member'), await signedIn('bert', 'member')];
    const { data } = await control.get<{ data: Session[] }>('GET', '/api/sessions', { as: mine });
    assert.deepEqual(data.map(({ id, account, browser, system, method, current }) => ({ id, account, browser, system, method, current })), [{ id: mine.sessionId, account: 'anna', browser: 'Firefox', system: 'Linux', method: 'link', current: true }]);
    assert.equal(await control.refusal('DELETE', `/api/sessions/${mine.sessionId ?? ''}`, { as: theirs }), '404 session_not_found session');
    assert.equal(await control.refusal('GET', '/api/sessions?account=anna', { as: theirs }), '404 person_not_found account');
    await control.get('DELETE', `/api/sessions/${mine.sessionId ?? ''}`);
    assert.deepEqual((await control.get<{ data: Session[] }>('GET', '/api/sessions', { as: mine })).data, []);
  });
});

/** A password's hash, as the gateway makes it. */
const phc = (tag: string): string => `$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$${tag.repeat(43)}`;

describe('a password', () => {
  const toMatch = async (name: string): Promise<unknown> => (await control.get<{ password: string | null }>('POST', '/internal/sessions/attempts', { body: { name } })).password;
  const set = async (principal: Principal, verified: string | null, password: string): Promise<string | number> => {
    const { status, body } = await control.ask('POST', '/internal/passwords', { body: { principal, verified, password } });
    return status === 200 ? body['endedSessions'] as number : (body['error'] as { code: string }).code;
  };

  test('is set after a link, signs in, and its change ends the other sessions', async () => {
    const { link } = await person('carla', 'reader');
    const first = await start(byLink(link.code));
    assert.equal(await set(await resolve(first), null, phc('a')), 0);
    assert.equal(await toMatch('carla'), phc('a'));
    const second = await start(byPassword('carla', phc('a')));
    const as = await resolve(second);
    assert.equal((await control.get<{ password: string }>('POST', '/internal/passwords/attempts', { body: { principal: as } })).password, phc('a'));
    assert.equal(await set(as, null, phc('b')), 'password_refused');
    assert.equal(await set(as, phc('c'), phc('b')), 'password_refused');
    assert.equal(await set(as, phc('a'), phc('b')), 1);
    assert.equal(await refused(first), '401 session_ended');
    assert.equal((await resolve(second)).kind, 'account');
    assert.equal(await control.refusal('POST', '/internal/sessions', { body: byPassword('carla', phc('a')) }), '401 sign_in_refused');
  });

  test('can be set anew by who came by a link, for a quarter of an hour', async () => {
    const as = await resolve(await start(byLink((await linkFor('carla')).code)));
    assert.equal((await control.get<{ password: string | null }>('POST', '/internal/passwords/attempts', { body: { principal: as } })).password, null);
    control.clock.ahead = 16 * 60_000;
    try { assert.equal(await set(as, null, phc('d')), 'password_refused'); } finally { control.clock.ahead = 0; }
  });

  test('of a name that is not there, or of one without a password, can match nothing', async () => {
    await person('dora', 'reader');
    assert.deepEqual([await toMatch('dora'), await toMatch('nobody')], [null, null]);
  });

  test('is no key\'s to set', async () => assert.equal(await set({ kind: 'local_user', id: 'local', projectId: null, deploymentId: null }, null, phc('e')), 'permission_denied'));

  test('is not guessed quickly', async () => {
    for (let i = 0; i < 5; i++) await toMatch('guessed');
    const { status, headers, body } = await control.ask('POST', '/internal/sessions/attempts', { body: { name: 'guessed' } });
    assert.deepEqual([status, (body['error'] as { code: string }).code], [429, 'sign_in_limited']);
    assert.ok(Number(headers['retry-after-ms']) > 0);
  });

  test('never comes here: a body with one is refused', async () => {
    assert.equal(await control.refusal('POST', '/internal/sessions', { body: { ...begin, proof: { method: 'password', name: 'carla', password: 'plain text' } } }), '400 invalid_request');
    assert.equal(await set(await signedIn('erik', 'reader'), null, 'plain text'), 'invalid_request');
  });
});

describe('roles', () => {
  let other: { id: string; name: string };
  before(async () => { other = await control.get('POST', '/api/projects', { body: { name: 'other' } }); });

  test('an administrator of a project invites into it, and has no say over the installation or over who is somebody elsewhere', async () => {
    const as = await signedIn('edith', 'administrator');
    await person('frank', 'reader', as);
    assert.equal(await control.refusal('POST', '/api/people', { as, body: { name: 'gustav', role: 'reader', scope: 'installation' } }), '403 permission_denied scope');
    assert.equal(await control.refusal('POST', '/api/sign-in-links', { as, body: { account: 'owner' } }), '404 person_not_found account');
    await control.get('POST', '/api/people/frank/role', { as: { kind: 'local_user', id: 'local', projectId: other.id, deploymentId: null }, body: { role: 'member' } });
    assert.equal(await control.refusal('POST', '/api/sign-in-links', { as, body: { account: 'frank' } }), '403 permission_denied account');
    assert.equal(await control.refusal('GET', '/api/people?scope=installation', { as }), '403 permission_denied scope');
    await control.get('DELETE', '/api/people/owner?scope=installation');
    assert.equal(await control.refusal('POST', '/api/people', { as, body: { name: 'owner', role: 'reader' } }), '409 name_taken name');
    const shown = (await control.get<{ data: Person[] }>('GET', '/api/people', { as })).data.find(({ name }) => name === 'frank');
    assert.deepEqual(shown?.roles, [{ project: 'default', role: 'reader' }]);
  });

  test('nobody elsewhere is told of, or brought into a project, by its administrator', async () => {
    const elsewhere: Principal = { kind: 'local_user', id: 'local', projectId: other.id, deploymentId: null };
    await person('lena', 'member', elsewhere);
    const as = await signedIn('mia', 'administrator');
    for (const name of ['lena', 'nobody']) assert.equal(await control.refusal('POST', `/api/people/${name}/role`, { as, body: { role: 'reader' } }), '404 person_not_found person');
    await control.get('POST', '/api/people/lena/role', { body: { role: 'reader' } });
    await control.get('POST', '/api/people/lena/role', { as, body: { role: 'member' } });
  });

  test('what a project\'s administrator may hold of an account is worth nothing once it is more than theirs', async () => {
    const as = await signedIn('nora', 'administrator');
    const { link: kept } = await person('otto', 'member', as);
    const { code } = await linkFor('otto', { as });
    const session = await start(byLink(code));
    assert.equal(await control.refusal('POST', '/internal/sessions', { body: byLink(kept.code) }), '401 sign_in_refused', 'one link used ends the others');
    const { code: again } = await linkFor('otto', { as });
    await control.get('POST', '/api/people/otto/role', { body: { role: 'reader' } });
    await resolve(session);
    await control.get('POST', '/api/people/otto/role', { body: { role: 'administrator', scope: 'installation' } });
    assert.equal(await refused(session), '401 session_ended');
    assert.equal(await control.refusal('POST', '/internal/sessions', { body: byLink(again) }), '401 sign_in_refused');
    const { data } = await control.get<{ data: Person[] }>('GET', '/api/people?scope=installation');
    assert.equal(data.find(({ name }) => name === 'otto')?.hasPassword, false);
  });

  test('a role that changes holds from the next request on; a reader cannot change things', async () => {
    const { link } = await person('hanna', 'member');
    const session = await start(byLink(link.code));
    assert.equal(await control.refusal('DELETE', '/api/tokens/none', { as: await resolve(session) }), '404 token_not_found token');
    await control.get('POST', '/api/people/hanna/role', { body: { role: 'reader' } });
    const as = await resolve(session);
    assert.equal(await control.refusal('DELETE', '/api/tokens/none', { as }), '403 permission_denied');
    assert.equal((await control.ask('GET', '/api/deployments', { as })).status, 200);
    assert.equal(await control.refusal('GET', '/api/people', { as }), '403 permission_denied');
  });

  test('a project in which one has no role is as one that is not there', async () => {
    const { link } = await person('ida', 'member');
    const session = await start(byLink(link.code));
    assert.equal(await refused(session, 'other'), '404 project_not_found');
    assert.equal(await refused(session, 'none'), '404 project_not_found');
    const { deployments } = await control.get<{ deployments: { project: string }[] }>('GET', '/api/status', { as: await resolve(session) });
    assert.ok(deployments.every(({ project }) => project === 'default'));
  });

  test('who loses the last role is removed, and their sessions with them', async () => {
    await person('jan', 'member');
    await control.get('POST', '/api/people/jan/role', { as: { kind: 'local_user', id: 'local', projectId: other.id, deploymentId: null }, body: { role: 'reader' } });
    const session = await start(byLink((await linkFor('jan')).code));
    assert.deepEqual((await control.get<{ removed: string }>('DELETE', '/api/people/jan')).removed, 'role');
    assert.equal((await resolve(session)).projectId, other.id);
    assert.deepEqual((await control.get<{ removed: string }>('DELETE', '/api/people/jan', { as: { kind: 'local_user', id: 'local', projectId: other.id, deploymentId: null } })).removed, 'account');
    assert.equal(await refused(session), '401 session_ended');
    assert.equal(await control.refusal('DELETE', '/api/people/jan?scope=installation'), '404 person_not_found person');
  });

  test('every change stands in the ledger', async () => {
    const kinds = (await database.statement('select distinct kind from ledger_entries')).map(({ kind }) => String(kind));
    for (const kind of ['account.created', 'account.role_set', 'account.role_removed', 'account.removed', 'account.password_set', 'sign_in_link.created', 'session.started', 'session.ended']) assert.ok(kinds.includes(kind), kind);
  });
});
