/** Sessions of the studio on a running installation, over HTTP: who gets in, what a cookie is good for, and what other sites cannot do with it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { CurrentSession, Session } from '#contract/http/sessions.ts';
import { Installation } from '../installation.ts';

let installation: Installation;
before(async () => { installation = await Installation.start(); }, { timeout: 150_000 });
after(async () => { await installation.remove(); });

interface Answer { status: number; code: string | undefined; body: Record<string, unknown>; headers: Dispatcher.ResponseData['headers'] }
type Method = 'GET' | 'POST' | 'DELETE';
async function ask(method: Method, path: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  const answer = await request(installation.origin + path, { method, headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers }, body: body ? JSON.stringify(body) : null });
  const said = await answer.body.json() as Record<string, unknown>;
  return { status: answer.statusCode, code: (said['error'] as { code: string } | undefined)?.code, body: said, headers: answer.headers };
}

interface Browser { cookie: string; csrf: string; session: CurrentSession }
const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0] ?? '';
async function signIn(body: object, headers: Record<string, string> = {}): Promise<Browser> {
  const answer = await ask('POST', '/api/session', headers, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const session = answer.body as unknown as CurrentSession;
  return { cookie: cookieOf(answer), csrf: session.csrf ?? '', session };
}
const codeOf = (url: string): string => new URL(url).hash.slice(1);
const ownersCode = async (): Promise<string> => codeOf((await installation.json<{ url: string }>('studio')).url);
const asOwner = async (): Promise<Browser> => await signIn({ method: 'link', code: await ownersCode() });
async function asPerson(name: string, role: string, ...more: string[]): Promise<Browser> {
  const { link } = await installation.json<{ link: { url: string } }>('people', 'add', name, role, ...more);
  return await signIn({ method: 'link', code: codeOf(link.url) });
}
const by = async ({ cookie, csrf }: Browser, method: Method, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> =>
  await ask(method, path, { cookie, ...(method === 'GET' ? {} : { 'x-modelkeep-csrf': csrf }), ...headers }, body);

describe('a link', () => {
  test('signs in once, and says nothing of itself to the server before it is used', async () => {
    const { url, account } = await installation.json<{ url: string; account: string }>('studio');
    assert.equal(account, 'owner');
    assert.match(url, new RegExp(`^${installation.origin}/studio/sign-in#mk-sl-`));
    const { session } = await signIn({ method: 'link', code: codeOf(url) });
    assert.deepEqual([session.account?.name, session.role, session.scope, session.project, session.hasPassword], ['owner', 'administrator', 'installation', 'default', false]);
    assert.equal((await ask('POST', '/api/session', {}, { method: 'link', code: codeOf(url) })).code, 'sign_in_refused');
  });
});

describe('the cookie', () => {
  test('is kept from scripts and from other sites', async () => {
    const answer = await ask('POST', '/api/session', {}, { method: 'link', code: await ownersCode() });
    assert.match(String(answer.headers['set-cookie']), /^modelkeep=mk-ss-[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.ok(!JSON.stringify(answer.body).includes('mk-ss-'));
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  test('that was planted before the sign-in is not the session after it, and is worth nothing', async () => {
    const planted = `modelkeep=mk-ss-${'A'.repeat(43)}`;
    const { cookie } = await signIn({ method: 'link', code: await ownersCode() }, { cookie: planted });
    assert.notEqual(cookie, planted);
    assert.equal((await ask('GET', '/api/session', { cookie: planted })).code, 'session_ended');
    const again = await signIn({ method: 'link', code: await ownersCode() }, { cookie });
    assert.equal((await ask('GET', '/api/session', { cookie })).code, 'session_ended');
    assert.equal((await by(again, 'GET', '/api/session')).status, 200);
  });

  test('is no key, and a key needs no cookie', async () => {
    const { cookie } = await asOwner();
    assert.equal((await ask('GET', '/api/models', { authorization: `Bearer ${cookie.split('=')[1] ?? ''}` })).code, 'invalid_api_key');
    assert.equal((await ask('GET', '/api/models', { cookie, authorization: 'Bearer mk-pt-wrong' })).code, 'invalid_api_key');
  });
});

describe('another site', () => {
  test('cannot use the session: not without its token, with another\'s, or from another origin', async () => {
    const [owner, other] = [await asOwner(), await asPerson('neighbour', 'administrator')];
    const create = { name: 'planted' };
    const attempts: [what: string, headers: Record<string, string>][] = [
      ['no token', { cookie: owner.cookie }], ['the token of another session', { cookie: owner.cookie, 'x-modelkeep-csrf': other.csrf }],
      ['from another origin', { cookie: owner.cookie, 'x-modelkeep-csrf': owner.csrf, origin: 'https://evil.example' }],
      ['from another port of this machine', { cookie: owner.cookie, 'x-modelkeep-csrf': owner.csrf, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
      ['cross-site, as the browser says', { cookie: owner.cookie, 'x-modelkeep-csrf': owner.csrf, 'sec-fetch-site': 'cross-site' }],
    ];
    for (const [what, headers] of attempts) assert.equal((await ask('POST', '/api/projects', headers, create)).code, 'csrf_refused', what);
    assert.equal((await ask('GET', '/api/session', { cookie: owner.cookie, 'sec-fetch-site': 'cross-site' })).code, 'csrf_refused');
    assert.equal((await by(owner, 'POST', '/api/projects', create, { origin: installation.origin, 'sec-fetch-site': 'same-origin' })).status, 201);
  });

  test('cannot sign a browser in: not by a form, and not from its own pages', async () => {
    const code = await ownersCode();
    assert.equal((await ask('POST', '/api/session', { 'content-type': 'text/plain' }, { method: 'link', code })).code, 'unsupported_media_type');
    assert.equal((await ask('POST', '/api/session', { origin: 'https://evil.example' }, { method: 'link', code })).code, 'csrf_refused');
    await signIn({ method: 'link', code }, { origin: installation.origin, 'sec-fetch-site': 'same-origin' });
  });
});

describe('a role', () => {
  test('reader reads and changes nothing, and is served no model', async () => {
    const reader = await asPerson('reader-1', 'reader');
    assert.equal((await by(reader, 'GET', '/api/deployments')).status, 200);
    assert.equal((await by(reader, 'POST', '/api/tokens', { name: 'x' })).code, 'permission_denied');
    assert.equal((await by(reader, 'GET', '/api/people')).code, 'permission_denied');
    assert.equal((await by(reader, 'POST', '/v1/chat/completions', { model: 'x', messages: [{ role: 'user', content: 'hello' }] })).code, 'permission_denied');
  });

  test('in one project opens no other', async () => {
    await installation.json('projects', 'create', 'elsewhere');
    const member = await asPerson('member-1', 'member');
    assert.deepEqual(member.session.projects, [{ name: 'default', role: 'member' }]);
    assert.equal((await by(member, 'GET', '/api/deployments', undefined, { 'x-modelkeep-project': 'elsewhere' })).code, 'project_not_found');
    assert.equal((await by(member, 'POST', '/v1/chat/completions', { model: 'theirs', messages: [{ role: 'user', content: 'hello' }] })).code, 'model_not_found');
    const theirs = await asPerson('member-2', 'member', '--project', 'elsewhere');
    assert.equal(theirs.session.project, 'elsewhere');
    assert.equal((await by(theirs, 'GET', '/api/deployments')).status, 200);
  });
});

describe('a session', () => {
  test('that is ended stops at once, by its owner or by the command line', async () => {
    const first = await asPerson('anna', 'member');
    const id = (await installation.json<{ data: Session[] }>('sessions', 'list', 'anna')).data[0]?.id ?? '';
    await installation.json('sessions', 'end', id);
    assert.equal((await by(first, 'GET', '/api/session')).code, 'session_ended');
    const second = await signIn({ method: 'link', code: codeOf((await installation.json<{ url: string }>('people', 'link', 'anna')).url) });
    const out = await by(second, 'DELETE', '/api/session');
    assert.match(String(out.headers['set-cookie']), /^modelkeep=; Max-Age=0;/);
    assert.equal((await by(second, 'GET', '/api/session')).code, 'session_ended');
  });

  test('goes with its account', async () => {
    const browser = await asPerson('leaver', 'member');
    await installation.json('people', 'remove', 'leaver');
    assert.equal((await by(browser, 'GET', '/api/session')).code, 'session_ended');
  });
});

describe('a password', () => {
  test('is set after a link, and guessing is slowed', async () => {
    const browser = await asPerson('pia', 'member');
    assert.equal((await by(browser, 'POST', '/api/password', { password: 'short' })).code, 'invalid_request');
    assert.equal((await by(browser, 'POST', '/api/password', { password: 'quite a good one' })).status, 200);
    await signIn({ method: 'password', name: 'pia', password: 'quite a good one' });
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 6; i++) codes.push((await ask('POST', '/api/session', {}, { method: 'password', name: 'pia', password: 'a wrong guess' })).code);
    assert.deepEqual(codes, [...Array<string>(5).fill('sign_in_refused'), 'sign_in_limited']);
    const last = await ask('POST', '/api/session', {}, { method: 'password', name: 'pia', password: 'quite a good one' });
    assert.deepEqual([last.status, last.code], [429, 'sign_in_limited']);
    assert.ok(Number(last.headers['retry-after']) >= 1);
  });

  test('what was typed is repeated by no refusal', async () => {
    const answer = await ask('POST', '/api/session', {}, { method: 'password', name: 'pia', password: 'typed by a person', more: 'typed by a person' });
    assert.equal(answer.code, 'unknown_parameter');
    assert.ok(!JSON.stringify([answer.body, answer.headers]).includes('typed'));
  });
});

test('whoami tells what a credential may do', async () => {
  const who = await installation.json<{ kind: string; role: string; scope: string; account: null }>('whoami');
  assert.deepEqual([who.kind, who.role, who.scope, who.account], ['local_user', 'administrator', 'installation', null]);
});

test('over TLS the cookie is for this origin and for TLS alone', { timeout: 150_000 }, async () => {
  const secure = await Installation.start({ args: ['--tls'] });
  const dispatcher = new Agent({ connect: { ca: secure.authority } });
  try {
    const { url } = await secure.json<{ url: string }>('studio');
    const answer = await request(`${secure.origin}/api/session`, { method: 'POST', dispatcher, headers: { 'content-type': 'application/json', origin: secure.origin }, body: JSON.stringify({ method: 'link', code: codeOf(url) }) });
    await answer.body.dump();
    const cookie = String(answer.headers['set-cookie']);
    assert.match(cookie, /^__Host-modelkeep=mk-ss-[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    const statusWith = async (value: string): Promise<number> => { const { statusCode, body } = await request(`${secure.origin}/api/session`, { dispatcher, headers: { cookie: value } }); await body.dump(); return statusCode; };
    const pair = cookie.split(';')[0] ?? '';
    assert.deepEqual([await statusWith(pair), await statusWith(pair.replace('__Host-', ''))], [200, 401]);
  } finally {
    await dispatcher.close();
    await secure.remove();
  }
});
