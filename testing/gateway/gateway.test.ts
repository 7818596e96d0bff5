/** The gateway as its users and its enemies drive it: a whole installation with an engine that answers at once. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Agent, request } from 'undici';
import { Installation } from '../installation.ts';
import { deploy } from '../models.ts';
import type { Deployed } from '../models.ts';
import { NullEngine } from '../null-engine/process.ts';

const model = 'smollm2-135m-instruct';
let installation: Installation;
let engine: NullEngine;
let firehose: NullEngine;
let at: Deployed;
let slow: Deployed;

before(async () => {
  installation = await Installation.start();
  engine = await NullEngine.start({ tokens: 8, intervalMs: 1 });
  firehose = await NullEngine.start({ tokens: 2_000_000, intervalMs: 0 });
  await installation.json('engines', 'add', 'null', '--url', engine.url, '--model', model, '--served-model', 'null', '--dialect', 'llama-server');
  await installation.json('engines', 'add', 'null-slow', '--url', engine.url, '--model', model, '--served-model', 'null-slow');
  await installation.json('engines', 'add', 'firehose', '--url', firehose.url, '--model', model, '--served-model', 'null');
  at = await deploy(installation, model, 'quick', '--engine', 'null');
  slow = await deploy(installation, model, 'slow', '--engine', 'null-slow', '--concurrency', '1', '--queue', '1');
}, { timeout: 120_000 });
after(async () => { await installation?.remove(); await engine?.stop(); await firehose?.stop(); });

interface Answer { status: number; headers: Record<string, string>; text: string; code: string | undefined; param: string | null | undefined }
async function post(body: string | Buffer | object, options: { path?: string; key?: string; headers?: Record<string, string>; method?: 'POST' | 'GET' | 'DELETE' } = {}): Promise<Answer> {
  const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const method = options.method ?? 'POST';
  const answer = await request(installation.origin + (options.path ?? '/v1/chat/completions'), {
    method, body: method === 'POST' ? raw : null, headers: { authorization: `Bearer ${options.key ?? at.primaryKey}`, 'content-type': 'application/json', ...options.headers },
  });
  const text = await answer.body.text();
  let error: { code?: string; param?: string | null } | undefined;
  try { error = (JSON.parse(text) as { error?: typeof error }).error; } catch { /* a stream */ }
  return { status: answer.statusCode, headers: answer.headers as Record<string, string>, text, code: error?.code, param: error?.param };
}
const say = (more: object = {}): object => ({ model: 'quick', messages: [{ role: 'user', content: 'hello' }], ...more });

async function residentMiB(): Promise<number> {
  const pid = (await installation.processes()).find((process) => process.name === 'gateway')?.pid ?? 0;
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

test('only what the contract allows is sent on, in the engine\'s own dialect', async () => {
  await post(say({ user: 'someone', metadata: { a: 'b' }, store: false, service_tier: 'auto', temperature: 0.5, stop: ['x'] }));
  const last = (await engine.seen()).at(-1);
  assert.ok(last);
  assert.deepEqual(Object.keys(JSON.parse(last.body) as object).sort(), ['cache_prompt', 'messages', 'model', 'stop', 'temperature']);
  assert.equal((JSON.parse(last.body) as { model: string }).model, 'null');
  assert.ok(!JSON.stringify(last.headers).includes(at.primaryKey), 'the caller\'s key stays here');
});

test('a body that is not what it should be: a 4xx with a stable code that names the field', async () => {
  const cases: [body: string | Buffer | object, status: number, code: string, param?: string][] = [
    ['{"messages": [', 400, 'invalid_json'], ['', 400, 'invalid_json'], ['null', 400, 'invalid_request'], ['[]', 400, 'invalid_request'], ['"text"', 400, 'invalid_request'],
    [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400, 'invalid_json'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'too_deep'],
    [{ model: 'quick' }, 400, 'invalid_request', 'messages'], [say({ messages: [] }), 400, 'invalid_request', 'messages'], [say({ messages: [{ role: 'robot', content: 'x' }] }), 400, 'invalid_request', 'messages.0.role'],
    [say({ temperature: 'hot' }), 400, 'invalid_request', 'temperature'], [say({ max_tokens: -1 }), 400, 'invalid_request', 'max_tokens'], [say({ frobnicate: 1 }), 400, 'unknown_parameter', 'frobnicate'],
    [say({ store: true }), 400, 'storage_not_supported', 'store'], [{ ...say(), model: 'nobody' }, 404, 'model_not_found', 'model'],
  ];
  for (const [body, status, code, param] of cases) {
    const answer = await post(body);
    assert.deepEqual([answer.status, answer.code], [status, code], answer.text);
    if (param !== undefined) assert.equal(answer.param, param);
    assert.equal(answer.headers['x-should-retry'], 'false');
    assert.match(answer.headers['x-request-id'] ?? '', /^req_[0-9a-z]{26}$/);
    assert.equal(answer.headers['x-request-id'], answer.headers['apim-request-id']);
  }
});

test('whatever JSON arrives, the answer is the client\'s fault or an answer, never ours', { timeout: 60_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.json({ maxDepth: 6 }), fc.constantFrom('/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/openai/deployments/quick/chat/completions', '/endpoints/quick/embeddings'), async (body, path) => {
    const { status } = await post(body, { path });
    assert.ok(status >= 400 && status < 500, `${status} for ${body}`);
  }), { numRuns: 150 });
});

test('bodies of 100 MB are refused without being read, and leave no memory behind', { timeout: 60_000 }, async () => {
  await post(say());
  const before = await residentMiB();
  for (let i = 0; i < 5; i++) {
    const status = await new Promise<string>((resolve) => {
      const socket = connect(installation.port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('close', () => resolve(text)).on('error', () => resolve(text));
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${at.primaryKey}\r\ntransfer-encoding: chunked\r\n\r\n`);
      const piece = `${(1 << 20).toString(16)}\r\n${'x'.repeat(1 << 20)}\r\n`;
      let sent = 0;
      const more = (): void => { while (sent++ < 100 && !socket.destroyed) if (!socket.write(piece)) { socket.once('drain', more); return; } };
      more();
    });
    assert.match(status, /^HTTP\/1\.1 413 /);
    assert.match(status, /body_too_large/);
  }
  const announced = await new Promise<string>((resolve) => {
    const socket = connect(installation.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('close', () => resolve(text)).on('error', () => resolve(text));
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${at.primaryKey}\r\ncontent-length: 104857600\r\n\r\n`);
  });
  assert.match(announced, /^HTTP\/1\.1 413 /);
  // What was thrown away is given back at a later collection: new work brings one about.
  const sent = 600;
  for (const deadline = Date.now() + 30_000; await residentMiB() > before + sent / 4;) {
    assert.ok(Date.now() < deadline, `${before} MiB became ${await residentMiB()}`);
    await Promise.all(Array.from({ length: 20 }, async () => await post(say())));
  }
});

test('header floods and malformed HTTP are refused as JSON', async () => {
  const raw = async (text: string): Promise<string> => await new Promise((resolve) => {
    const socket = connect(installation.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => { answer += chunk.toString(); }).on('close', () => resolve(answer)).on('error', () => resolve(answer));
    socket.write(text);
  });
  assert.match(await raw(`GET /livez HTTP/1.1\r\nhost: x\r\n${'x-flood: y\r\n'.repeat(5000)}\r\n`), /^HTTP\/1\.1 431 [\s\S]*headers_too_large/);
  assert.match(await raw('NONSENSE\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*invalid_request/);
});

test('many half-open connections do not keep others out', async () => {
  const sockets: Socket[] = [];
  for (let i = 0; i < 300; i++) {
    const socket = connect(installation.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n');
    sockets.push(socket);
  }
  assert.equal((await post(say())).status, 200);
  for (const socket of sockets) socket.destroy();
});

test('a reader that does not read costs no memory, and does not slow others', { timeout: 60_000 }, async () => {
  const hose = await deploy(installation, model, 'hose', '--engine', 'firehose');
  const before = await residentMiB();
  const sockets = Array.from({ length: 4 }, () => {
    const socket = connect(installation.port, '127.0.0.1');
    const body = JSON.stringify({ model: 'hose', messages: [{ role: 'user', content: 'x' }], stream: true });
    socket.on('error', () => undefined);
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${hose.primaryKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    socket.pause();
    return socket;
  });
  await sleep(3000);
  assert.equal((await post(say())).status, 200);
  const grown = await residentMiB() - before;
  for (const socket of sockets) socket.destroy();
  assert.ok(grown < 150, `grew by ${Math.round(grown)} MiB`);
});

test('a full queue is told at once, with a time to come back; the others are served in turn', async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, () => post({ ...say(), model: 'slow' }, { key: slow.primaryKey })));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 200, 429, 429]);
  const refused = answers.find((answer) => answer.status === 429);
  assert.equal(refused?.code, 'queue_full');
  assert.ok(Number(refused?.headers['retry-after']) >= 1 && Number(refused?.headers['retry-after']) <= 30);
});

test('rate limits: told in headers, refused with a time to come back', async () => {
  const limited = await deploy(installation, model, 'limited', '--engine', 'null', '--rpm', '2', '--tpm', '1000');
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await post({ ...say(), model: 'limited' }, { key: limited.primaryKey }));
  assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 429]);
  assert.equal(answers[0]?.headers['x-ratelimit-limit-requests'], '2');
  assert.equal(answers[1]?.headers['x-ratelimit-remaining-requests'], '0');
  assert.equal(answers[2]?.code, 'rate_limit_exceeded');
  assert.ok(Number(answers[2].headers['retry-after-ms']) <= 30_000);
});

test('keys: several headers that agree, two that differ, none, and one that was replaced', async () => {
  const both = await post(say(), { headers: { 'api-key': at.primaryKey } });
  assert.equal(both.status, 200);
  assert.equal((await post(say(), { headers: { 'api-key': at.secondaryKey } })).code, 'conflicting_api_keys');
  const none = await request(`${installation.origin}/v1/chat/completions`, { method: 'POST', body: '{}' });
  assert.equal(none.statusCode, 401);
  await none.body.dump();
  const { key } = await installation.json<{ key: string }>('keys', 'regenerate', 'quick', 'secondary');
  assert.equal((await post(say(), { key: at.secondaryKey })).status, 401, 'the old one stops at once');
  assert.equal((await post(say(), { key })).status, 200);
  assert.equal((await post(say())).status, 200, 'the other goes on');
});

test('a revoked or foreign token sees nothing, an endpoint key manages nothing', async () => {
  const { token, id } = await installation.json<{ token: string; id: string }>('tokens', 'create', 'short-lived');
  assert.equal((await post(say(), { key: token })).status, 200);
  await installation.json('tokens', 'revoke', id);
  assert.equal((await post(say(), { key: token })).status, 401);
  await installation.json('projects', 'create', 'other');
  const other = await installation.json<{ token: string }>('--project', 'other', 'tokens', 'create', 'theirs');
  assert.equal((await post(say(), { key: other.token })).code, 'model_not_found');
  assert.equal((await post({}, { key: other.token, method: 'GET', path: '/api/deployments/quick' })).code, 'deployment_not_found');
  assert.equal((await post({}, { method: 'GET', path: '/api/deployments' })).status, 403);
  assert.equal((await post({}, { key: other.token, method: 'GET', path: '/api/projects' })).status, 403);
});

test('what is asked for is encoded in one segment, with or without doubled slashes', async () => {
  assert.equal((await post({}, { method: 'GET', path: '/v1/models/org%2Fmodel:7b' })).code, 'model_not_found');
  assert.equal((await post({}, { method: 'GET', path: '//v1//models' })).status, 200);
  assert.equal((await post({}, { method: 'DELETE', path: '/v1/models' })).code, 'method_not_allowed');
  assert.equal((await post({}, { method: 'GET', path: '/v1/chat/completions/chatcmpl-1' })).code, 'not_found');
});

test('an engine that fails is told by a code, never by its own words', async () => {
  for (const [fault, code] of [['null-400', 'engine_refused'], ['null-500', 'engine_failed'], ['null-garbage', 'engine_failed']] as const) {
    await installation.json('engines', 'add', fault, '--url', engine.url, '--model', model, '--served-model', fault);
    const broken = await deploy(installation, model, fault, '--engine', fault);
    for (const stream of [false, true]) {
      const answer = await post({ ...say({ stream }), model: fault }, { key: broken.primaryKey });
      assert.ok(answer.status >= 400 && answer.code === code, `${fault} stream=${stream}: ${answer.status} ${answer.text}`);
      assert.ok(!answer.text.includes('quotes its input'));
    }
  }
  await installation.json('engines', 'add', 'null-cut', '--url', engine.url, '--model', model, '--served-model', 'null-cut');
  const cut = await deploy(installation, model, 'null-cut', '--engine', 'null-cut');
  const { status, text } = await post({ ...say({ stream: true }), model: 'null-cut' }, { key: cut.primaryKey });
  assert.equal(status, 200);
  assert.match(text, /data: \{"error":\{[^\n]*"code":"engine_crashed"/);
  assert.ok(!text.includes('[DONE]'), 'a broken answer does not look whole');
});

test('a deployment that asks for local isolation refuses an external engine', async () => {
  const outcome = await installation.cli('deploy', model, '--serverless', '--name', 'strict', '--engine', 'null', '--isolation', 'required', '--json');
  assert.equal(outcome.code, 6);
  assert.equal((JSON.parse(outcome.stdout) as { error: { code: string } }).error.code, 'isolation_refused');
  const shown = await installation.json<{ isolation: { tier: string; claim: string; findings: unknown[] } }>('deployments', 'show', 'quick');
  assert.deepEqual(shown.isolation, { tier: 'external', claim: 'operator_asserted', findings: [] });
});

test('usage: each answer once, refusals not at all', async () => {
  const counted = await deploy(installation, model, 'counted', '--engine', 'null');
  for (let i = 0; i < 5; i++) await post({ ...say({ stream: i % 2 === 0 }), model: 'counted' }, { key: counted.primaryKey });
  await post({ ...say({ temperature: 99 }), model: 'counted' }, { key: counted.primaryKey });
  const usage = await installation.json<{ totals: { requests: number; promptTokens: number; outputTokens: number } }>('usage', '--deployment', 'counted');
  assert.deepEqual(usage.totals, { requests: 5, aborted: 0, failed: 0, promptTokens: 35, cachedTokens: 0, outputTokens: 40 });
});

test('nothing of what was sent is in any log', () => {
  const log = readFileSync(join(installation.data, 'logs/gateway.log'), 'utf8') + readFileSync(join(installation.data, 'logs/control.log'), 'utf8');
  for (const text of ['hello', 'frobnicate', 'nobody', 'robot', 'someone', 'x-flood', 'NONSENSE', 'org/model']) assert.ok(!log.includes(text), text);
  for (const line of log.trim().split('\n')) assert.equal(typeof (JSON.parse(line) as { event: string }).event, 'string');
});

test('closing the door: a stopping installation ends what it began and refuses what comes', { timeout: 60_000 }, async () => {
  const agent = new Agent({ connections: 4 });
  const pending = request(`${installation.origin}/v1/chat/completions`, { dispatcher: agent, method: 'POST', headers: { authorization: `Bearer ${slow.primaryKey}`, 'content-type': 'application/json' }, body: JSON.stringify({ ...say(), model: 'slow' }) });
  await sleep(200);
  const stopped = installation.stop();
  const answer = await pending;
  assert.equal(answer.statusCode, 200);
  await answer.body.dump();
  assert.equal(await stopped, 0);
  await agent.close();
});
