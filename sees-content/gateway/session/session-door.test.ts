/** The gateway's process with a browser's session: whom it lets do what, and that nothing of a session is kept. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import type { Principal } from '#contract/internal/principal.ts';
import { EngineUnderTest, GatewayUnderTest, hashOf, id, projects, routeTo } from '../gateway-under-test.ts';
import { csrfToken } from './cross-site.ts';

let engine: EngineUnderTest;
let gateway: GatewayUnderTest;
before(async () => {
  engine = await EngineUnderTest.start('--tokens', '6');
  gateway = new GatewayUnderTest([routeTo(0, 'mine', engine.url), routeTo(1, 'theirs', engine.url, {}, { projectId: projects.other })], []);
  assert.equal((await gateway.start()).ready, true);
}, { timeout: 60_000 });
after(async () => { await gateway?.stop(); await engine?.stop(); });

const account = (role: Principal['role']): Principal => ({ kind: 'account', id: id('usr', 0), projectId: projects.default, deploymentId: null, sessionId: id('ses', 0), ...(role ? { role, scope: 'project' } : {}) });
function session(name: string, role: Principal['role']): { value: string; headers: Record<string, string> } {
  const value = `mk-ss-${name.padEnd(43, '0')}`;
  gateway.control.sessions.set(hashOf(value), account(role));
  return { value, headers: { cookie: `modelkeep=${value}`, 'x-modelkeep-csrf': csrfToken(value), 'content-type': 'application/json' } };
}
async function chat(headers: Record<string, string>, model = 'mine'): Promise<{ status: number; code: string | undefined; salt: unknown; id: string }> {
  const answer = await request(`${gateway.origin}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }) });
  const { error } = await answer.body.json() as { error?: { code: string } };
  return { status: answer.statusCode, code: error?.code, salt: answer.headers['x-modelkeep-receipt-salt'], id: String(answer.headers['x-request-id']) };
}

test('a member talks to the models of the project, and is told the salt of the receipt, which no key could give', async () => {
  const { headers } = session('member', 'member');
  const { status, salt } = await chat(headers);
  assert.equal(status, 200);
  assert.ok(typeof salt === 'string' && salt.length > 20);
  assert.equal((await chat(headers, 'theirs')).code, 'model_not_found');
});

test('a reader, and somebody without a role, do not', async () => {
  assert.equal((await chat(session('reader', 'reader').headers)).code, 'permission_denied');
  assert.equal((await chat(session('nobody', undefined).headers)).code, 'permission_denied');
});

test('a receipt is for the account whose request it was', async () => {
  const mine = session('mine', 'member');
  const { id: requestId } = await chat(mine.headers);
  const read = async (cookie: string): Promise<number> => { const { statusCode, body } = await request(`${gateway.origin}/v1/receipts/${requestId}`, { headers: { cookie } }); await body.dump(); return statusCode; };
  assert.equal(await read(`modelkeep=${mine.value}`), 200);
  const other = `mk-ss-${'other'.padEnd(43, '0')}`;
  gateway.control.sessions.set(hashOf(other), { ...account('member'), id: id('usr', 1) });
  assert.equal(await read(`modelkeep=${other}`), 404);
});

test('a session that is ended is refused by the next request', async () => {
  const { value, headers } = session('ended', 'member');
  assert.equal((await chat(headers)).status, 200);
  gateway.control.sessions.delete(hashOf(value));
  assert.deepEqual(await chat(headers).then(({ status, code }) => [status, code]), [401, 'session_ended']);
});

test('without its token, or from another site, it is no session', async () => {
  const { headers } = session('csrf', 'member');
  const { 'x-modelkeep-csrf': _left, ...without } = headers;
  assert.equal((await chat(without)).code, 'csrf_refused');
  assert.equal((await chat({ ...headers, origin: 'https://evil.example' })).code, 'csrf_refused');
});

test('while control is away there are no sessions', async () => {
  const { headers } = session('away', 'member');
  await gateway.control.goAway();
  try { assert.equal((await chat(headers)).code, 'control_unavailable'); } finally { await gateway.control.start(); }
  assert.equal((await chat(headers)).status, 200);
});
