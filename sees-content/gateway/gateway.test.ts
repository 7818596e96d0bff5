/** The gateway's process as its clients see it, while control, engines and clients behave as they do on bad days. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { credential, EngineUnderTest, GatewayUnderTest, id, keyFor, projects, routeTo, until } from './gateway-under-test.ts';

const chat = '/v1/chat/completions';
const key = keyFor('quick');
const token = keyFor('token');
const administrator = keyFor('administrator');
const say = (model: string, more: object = {}): object => ({ model, messages: [{ role: 'user', content: 'a secret greeting' }], ...more });
const faults = ['400', '401', '429', '500', 'context', 'garbage', 'cut', 'error', 'nodone', 'nousage', 'badusage'];

let quick: EngineUnderTest;
let paced: EngineUnderTest;
let gateway: GatewayUnderTest;
before(async () => {
  [quick, paced] = await Promise.all([EngineUnderTest.start('--tokens', '6'), EngineUnderTest.start('--tokens', '400', '--interval-ms', '10')]);
  gateway = new GatewayUnderTest([
    routeTo(0, 'quick', quick.url), routeTo(1, 'paced', paced.url), routeTo(2, 'vllm', quick.url, { dialect: 'vllm' }), routeTo(3, 'llama', quick.url, { dialect: 'llama-server' }),
    routeTo(4, 'vectors', quick.url, {}, { task: 'embeddings' }), routeTo(5, 'theirs', quick.url, { dialect: 'vllm' }, { projectId: projects.other }),
    routeTo(6, 'unreadable', quick.url, { credentialFile: '/nonexistent/credential' }), routeTo(7, 'nowhere', 'http://127.0.0.1:9/v1'),
    ...faults.map((fault, i) => routeTo(10 + i, `null-${fault}`, quick.url, { name: fault, servedModel: `null-${fault}` })),
  ], [
    credential(key, { deploymentId: id('dep', 0) }), credential(keyFor('vectors'), { id: id('key', 1), deploymentId: id('dep', 4) }), credential(token, { kind: 'project_token', id: id('tok', 0) }),
    credential(keyFor('theirs'), { kind: 'project_token', id: id('tok', 1), projectId: projects.other }), credential(keyFor('expired'), { kind: 'project_token', id: id('tok', 2), expiresAt: 1_700_000_000 }),
    credential(administrator, { kind: 'administrator', id: id('tok', 3), projectId: null }),
  ]);
  assert.equal((await gateway.start()).ready, true);
}, { timeout: 60_000 });
after(async () => { await gateway?.stop(); await Promise.all([quick?.stop(), paced?.stop()]); });

/** Frames of a stream until it ends or is long enough. */
async function readSome(body: Readable, enough: (text: string) => boolean): Promise<string> {
  let text = '';
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (enough(text)) break;
  }
  return text;
}
const usageOf = (name: string): { outcome: string; outputTokens: number }[] => {
  const { id: deployment } = gateway.control.snapshot.routes.find((route) => route.name === name) ?? {};
  return [...gateway.control.committed.values()].filter((record) => record.deploymentId === deployment);
};
async function raw(text: string): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => { answer += chunk.toString(); }).on('close', () => resolve(answer)).on('error', () => resolve(answer));
    socket.write(text);
  });
}

describe('an answer and its meter', () => {
  test('words reach the client before the usage is committed, the end only after', async () => {
    gateway.control.hold();
    const answer = await gateway.send(chat, key, say('quick', { stream: true }));
    const begun = await readSome(answer.body, (text) => text.includes('"finish_reason":"stop"'));
    assert.match(begun, / word5/);
    await until(() => gateway.control.arrived.length > 0, 'the usage arrives');
    assert.ok(!begun.includes('[DONE]'));
    assert.equal(gateway.control.committed.size, 0);
    gateway.control.release();
    assert.equal(await readSome(answer.body, () => false), 'data: [DONE]\n\n');
    assert.equal(gateway.control.committed.get(String(answer.headers['x-request-id']))?.outputTokens, 6);
  });

  test('an answer in one piece waits for its commit too', async () => {
    gateway.control.hold();
    let answered = false;
    const known = gateway.control.committed.size;
    const pending = gateway.ask(chat, key, say('quick')).then((answer) => { answered = true; return answer; });
    await sleep(300);
    assert.equal(answered, false);
    gateway.control.release();
    assert.equal((await pending).status, 200);
    assert.equal(gateway.control.committed.size, known + 1);
  });

  test('the usage frame is for those who ask', async () => {
    const without = await gateway.ask(chat, key, say('quick', { stream: true }));
    const asked = await gateway.ask(chat, key, say('quick', { stream: true, stream_options: { include_usage: true } }));
    assert.ok(!without.text.includes('"usage"'));
    assert.match(asked.text, /"choices":\[\],"usage":\{"prompt_tokens":7,"completion_tokens":6,"total_tokens":13\}\}\n\ndata: \[DONE\]\n\n$/);
    assert.equal(asked.headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(asked.headers['cache-control'], 'no-store');
  });

  test('a client that leaves ends the work at the engine, and pays for what it was sent', async () => {
    const answer = await gateway.send(chat, token, say('paced', { stream: true }));
    await readSome(answer.body, (text) => text.includes('word9'));
    answer.body.destroy();
    await until(async () => (await paced.seen()).at(-1)?.aborted === true, 'the engine is told');
    await until(() => usageOf('paced').length > 0, 'the usage arrives');
    const [record] = usageOf('paced');
    assert.equal(record?.outcome, 'aborted');
    assert.ok((record?.outputTokens ?? 0) >= 10 && (record?.outputTokens ?? 0) < 400);
  });

  test('a client that leaves before an answer in one piece ends it at the engine, and pays nothing', async () => {
    const left = new AbortController();
    const known = (await paced.seen()).length;
    const pending = fetch(gateway.origin + chat, { method: 'POST', signal: left.signal, headers: { 'api-key': token, 'content-type': 'application/json' }, body: JSON.stringify(say('paced')) });
    await until(async () => (await paced.seen()).length > known, 'the engine is asked');
    left.abort();
    await assert.rejects(pending);
    await until(async () => (await paced.seen()).at(-1)?.aborted === true, 'the engine is told');
    assert.equal(usageOf('paced').length, 1);
  });
});

test('while control is away, known keys go on; an answer\'s end waits; each record is committed once', async () => {
  await gateway.control.goAway();
  await until(async () => (await gateway.ask('/readyz', '')).text.includes('"control":false'), 'the gateway notices');
  assert.equal((await gateway.ask('/api/status', token)).code, 'control_unavailable');
  const answer = await gateway.send(chat, key, say('quick', { stream: true }));
  assert.ok(!(await readSome(answer.body, (text) => text.includes('"finish_reason":"stop"'))).includes('[DONE]'));
  const known = usageOf('quick').length;
  await gateway.control.start();
  assert.match(await readSome(answer.body, () => false), /\[DONE\]/);
  assert.equal(usageOf('quick').length, known + 1);
  await until(async () => (await gateway.ask('/readyz', '')).text.includes('"control":true'), 'control is followed again');
});

describe('the routing snapshot', () => {
  test('a key that is gone from it stops working at once, and a new one begins to', async () => {
    const { credentials } = gateway.control.snapshot;
    const fresh = credential(keyFor('fresh'), { kind: 'project_token', id: id('tok', 9) });
    assert.equal((await gateway.ask(chat, keyFor('fresh'), say('quick'))).code, 'invalid_api_key');
    gateway.control.push({ credentials: [...credentials, fresh] });
    await until(async () => (await gateway.ask('/v1/models', keyFor('fresh'))).status === 200, 'the key works');
    gateway.control.push({ credentials });
    await until(async () => (await gateway.ask('/v1/models', keyFor('fresh'))).status === 401, 'the key stops');
  });

  test('a token that is asked to act in another project does not act in its own', async () => {
    const { credentials, projects } = gateway.control.snapshot;
    const token = credential(keyFor('one project'), { kind: 'project_token', id: id('tok', 8) });
    gateway.control.push({ credentials: [...credentials, token] });
    await until(async () => (await gateway.ask('/v1/models', keyFor('one project'))).status === 200, 'the key works');
    const own = projects.find((project) => project.id === token.projectId)?.name ?? '';
    const codes = await Promise.all([own, 'other', 'nowhere'].map(async (name) => (await gateway.ask('/v1/models', keyFor('one project'), undefined, { 'x-modelkeep-project': name })).code));
    assert.deepEqual(codes, [undefined, 'project_not_found', 'project_not_found']);
    gateway.control.push({ credentials });
  });

  test('who asks decides what there is', async () => {
    const list = async (whose: string, headers = {}): Promise<string[]> => (JSON.parse((await gateway.ask('/v1/models', whose, undefined, headers)).text) as { data: { id: string }[] }).data.map((model) => model.id);
    assert.deepEqual(await list(key), ['quick']);
    assert.deepEqual(await list(keyFor('theirs')), ['theirs']);
    assert.deepEqual(await list(administrator, { 'x-modelkeep-project': 'other' }), ['theirs']);
    assert.ok((await list(administrator)).includes('quick') && !(await list(administrator)).includes('theirs'));
    assert.equal((await gateway.ask('/v1/models', keyFor('expired'))).code, 'invalid_api_key');
    assert.equal((await gateway.ask(chat, keyFor('theirs'), say('quick'))).code, 'model_not_found');
    assert.equal((await gateway.ask(chat, key, say('paced'))).code, 'model_not_found');
    assert.equal((await gateway.ask('/openai/deployments/paced/chat/completions', key, say('quick'))).code, 'deployment_not_found');
    assert.equal((await gateway.ask('/v1/models', key, undefined, { 'api-key': `${key}, ${key}` })).status, 200);
    assert.equal((await gateway.ask('/v1/models', key, undefined, { 'api-key': token })).code, 'conflicting_api_keys');
  });

  test('a management operation reaches control from those who may, with who asks, and with nothing that could climb out of its path', async () => {
    const known = gateway.control.forwarded.length;
    assert.equal((await gateway.ask('/api/deployments', key)).code, 'permission_denied');
    assert.equal((await gateway.ask('/api/projects', token)).code, 'permission_denied');
    assert.equal(gateway.control.forwarded.length, known);
    assert.equal((await gateway.ask('/api/deployments', administrator, undefined, { 'x-modelkeep-project': 'other', 'x-modelkeep-principal': '{"kind":"local_user"}' })).status, 200);
    const { line, principal } = gateway.control.forwarded.at(-1) ?? {};
    assert.equal(line, 'GET /api/deployments');
    assert.deepEqual(JSON.parse(principal ?? ''), { kind: 'administrator', id: id('tok', 3), deploymentId: null, projectId: projects.other });
    for (const path of ['/internal/usage', '/api/deployments/%2e%2e', '/api/deployments/..', '/api/deployments/%ff', '/v1/files/fil_%00', '/api/deployments/x\\..\\..\\people', '/api/deployments/x#y']) {
      assert.match(await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${administrator}\r\nconnection: close\r\n\r\n`), /^HTTP\/1\.1 404 /);
    }
  });

  test('the state of each deployment is reported, again where control did not take it', async () => {
    const state = (n: number): unknown => gateway.control.reports.find((report) => report.deploymentId === id('dep', n));
    await until(() => JSON.stringify(gateway.control.reports).includes('"ready"') && JSON.stringify(state(7) ?? '').includes('engine_unreachable'), 'states are reported');
    assert.deepEqual(state(6), { deploymentId: id('dep', 6), state: 'failed', failure: 'credential_unreadable', isolation: { tier: 'external', claim: 'operator_asserted', findings: [] }, restarts: 0 });
    gateway.control.reports = [];
    gateway.control.reportsRefused = 2;
    gateway.control.push({});
    await until(() => gateway.control.reports.length > 0, 'it is reported again');
  });
});

describe('what is sent on', () => {
  const last = async (): Promise<Record<string, unknown>> => JSON.parse((await quick.seen()).at(-1)?.body ?? '{}') as Record<string, unknown>;

  test('keeps projects apart in the dialect of the server, by a scope that no caller can choose', async () => {
    await gateway.ask(chat, token, say('vllm', { cache_salt: 'mine' }), { 'extra-parameters': 'drop' });
    const ours = await last();
    await gateway.ask(chat, keyFor('theirs'), say('theirs'));
    const theirs = await last();
    assert.match(String(ours['cache_salt']), /^[0-9a-f]{64}$/);
    assert.match(String(theirs['cache_salt']), /^[0-9a-f]{64}$/);
    assert.notEqual(ours['cache_salt'], theirs['cache_salt']);
    await gateway.ask(chat, token, say('llama'));
    assert.equal((await last())['cache_prompt'], false);
    await gateway.ask(chat, token, say('quick'));
    assert.deepEqual(Object.keys(await last()), ['model', 'messages']);
  });

  test('is the deployment that the path names, whatever the body says', async () => {
    for (const [path, body] of [
      ['/openai/deployments/quick/chat/completions?api-version=2024-10-21', say('gpt-3.5-turbo')], ['/endpoints/quick/chat/completions', say('x')], ['/endpoints/quick/v1/chat/completions', say('x')],
      ['/openai/v1/chat/completions', say('quick')], ['/chat/completions', { messages: [{ role: 'user', content: 'x' }] }], ['/models/chat/completions', say('some-model')],
    ] as const) assert.equal((await gateway.ask(path, key, body)).status, 200, path);
    assert.equal((await gateway.ask('/chat/completions', token, say('paced'), { 'azureml-model-deployment': 'quick' })).status, 200);
    assert.deepEqual(JSON.parse((await gateway.ask('/endpoints/quick/info', key)).text), { model_name: 'some-model', model_type: 'chat-completion', model_provider_name: 'someone' });
  });

  test('embeddings come back as they were asked for', async () => {
    const ask = async (more: object): Promise<unknown> => (JSON.parse((await gateway.ask('/v1/embeddings', keyFor('vectors'), { input: 'x', ...more })).text) as { data: { embedding: unknown }[] }).data[0]?.embedding;
    assert.deepEqual(await ask({}), [1, 0, 0.5, -0.25]);
    assert.equal(await ask({ encoding_format: 'base64' }), Buffer.from(new Float32Array([1, 0, 0.5, -0.25]).buffer).toString('base64'));
    assert.equal((await gateway.ask(chat, keyFor('vectors'), say('vectors'))).code, 'unsupported_parameter');
  });
});

describe('a request that is not as it should be', () => {
  test('is told what is wrong by a field of the contract, never by its own words', async () => {
    for (const [body, code, param] of [
      [say('quick', { flavour: 1 }), 'unknown_parameter', 'flavour'], [say('quick', { 'My Name': 1 }), 'unknown_parameter', null], [say('quick', { stream_options: { my_option: 1 } }), 'unknown_parameter', 'stream_options.my_option'],
      [say('quick', { metadata: { 'my secret': 1 } }), 'invalid_request', 'metadata'], [say('quick', { logit_bias: { secret: 1 } }), 'invalid_request', 'logit_bias'],
      [say('quick', { store: true }), 'storage_not_supported', 'store'], ['{', 'invalid_json', null], [Buffer.from([0x22, 0xff, 0x22]), 'invalid_json', null],
    ] as const) {
      const answer = await gateway.ask(chat, key, body);
      assert.deepEqual([answer.status, answer.code, answer.param], [400, code, param]);
    }
    assert.equal((await gateway.ask(chat, key, say('quick'), { 'content-type': 'text/plain' })).code, 'unsupported_media_type');
    assert.equal((await gateway.ask(chat, key, say('quick'), { 'content-encoding': 'gzip' })).code, 'unsupported_media_type');
  });

  test('may have its unknown fields dropped on request, but never passed through', async () => {
    const body = say('quick', { flavour: 1, stream_options: { my_option: 1 } });
    assert.equal((await gateway.ask(chat, key, body, { 'extra-parameters': 'drop' })).status, 200);
    for (const wish of ['error', 'pass-through', 'allow']) assert.equal((await gateway.ask(chat, key, body, { 'extra-parameters': wish })).code, 'unknown_parameter');
  });

  test('on a connection with an answer under way cuts the connection, and nothing is written into the answer', async () => {
    const body = JSON.stringify(say('paced', { stream: true, max_tokens: 60 }));
    const answer = await raw(`POST ${chat} HTTP/1.1\r\nhost: x\r\napi-key: ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}\0garbage\r\n\r\n`);
    assert.ok(!answer.includes('HTTP/1.1 400'));
  });
});

describe('an engine', () => {
  test('that fails before its first byte: a status and a code, none of its words', async () => {
    const expected = { 400: [400, 'engine_refused'], 401: [502, 'engine_failed'], 429: [429, 'queue_full'], 500: [502, 'engine_failed'], context: [400, 'context_length_exceeded'], garbage: [502, 'engine_failed'] } as const;
    for (const [fault, [status, code]] of Object.entries(expected)) for (const stream of [false, true]) {
      const answer = await gateway.ask(chat, token, say(`null-${fault}`, { stream }));
      assert.deepEqual([answer.status, answer.code], [status, code], `${fault} ${String(stream)}`);
      assert.ok(!answer.text.includes('quotes'));
      assert.equal(answer.headers['x-ms-error-code'], code);
    }
    assert.equal((await gateway.ask(chat, token, say('nowhere'))).code, 'engine_unreachable');
    assert.equal((await gateway.ask(chat, token, say('null-badusage'))).code, 'engine_failed');
  });

  test('that fails in the middle: an error frame, and no end that looks whole', async () => {
    for (const [fault, code] of [['cut', 'engine_crashed'], ['error', 'engine_failed'], ['nodone', 'engine_crashed'], ['nousage', 'engine_failed'], ['badusage', 'engine_failed']] as const) {
      const { status, text } = await gateway.ask(chat, token, say(`null-${fault}`, { stream: true }));
      assert.equal(status, 200);
      assert.match(text, new RegExp(`data: \\{"error":\\{[^\\n]*"code":"${code}"\\}\\}\\n\\n$`));
      assert.ok(text.includes('word0') && !text.includes('[DONE]') && !text.includes('quotes'), fault);
    }
    await until(() => usageOf('null-cut').length > 0, 'what was passed on is counted');
    assert.deepEqual(usageOf('null-cut').map(({ outcome, outputTokens }) => [outcome, outputTokens]), [['failed', 4]]);
    assert.equal((await gateway.ask(chat, key, say('quick'))).status, 200, 'a usage that cannot be recorded holds nobody else up');
  });

  test('that was restarted is reached again, over connections that it had closed', async () => {
    await Promise.all(Array.from({ length: 5 }, () => gateway.ask(chat, key, say('quick'))));
    await quick.stop();
    await quick.start();
    const answers = await Promise.all(Array.from({ length: 5 }, () => gateway.ask(chat, key, say('quick'))));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200]);
  });

  test('gets its credential from a file, as it is now', async () => {
    const file = join(gateway.folder, 'credential');
    const authorization = async (): Promise<string | undefined> => (await quick.seen()).at(-1)?.headers['authorization'];
    gateway.control.push({ routes: [...gateway.control.snapshot.routes, routeTo(40, 'filed', quick.url, { credentialFile: file })] });
    await until(async () => (await gateway.ask(chat, token, say('filed'))).code === 'deployment_failed', 'the file is missed');
    for (const written of ['first', 'second one']) {
      writeFileSync(file, `${written}\n`);
      assert.equal((await gateway.ask(chat, token, say('filed'))).status, 200);
      assert.equal(await authorization(), `Bearer ${written}`);
    }
    rmSync(file);
    assert.equal((await gateway.ask(chat, token, say('filed'))).code, 'deployment_failed');
  });
});

test('of all this the gateway told numbers, enums and opaque ids', () => {
  for (const text of ['secret', 'greeting', 'word', 'flavour', 'my_option', 'garbage', 'some-model', key, token]) assert.ok(!gateway.output.includes(text), text);
  const events = gateway.output.trim().split('\n').map((line) => JSON.parse(line) as { event: string; outcome?: string; status?: number; operation?: string });
  assert.ok(events.some(({ event, outcome, status }) => event === 'request_finished' && outcome === 'aborted' && status === 499));
  assert.ok(events.some(({ operation }) => operation === 'listDeployments'));
  assert.ok(!events.some(({ event }) => event === 'unexpected' || event === 'failed'));
});

test('asked to stop, it ends the answers that it began', async () => {
  const answer = await gateway.send(chat, token, say('paced', { stream: true, max_tokens: 100 }));
  await readSome(answer.body, (text) => text.includes('word0'));
  const ended = gateway.end();
  assert.match(await readSome(answer.body, () => false), /\[DONE\]/);
  assert.equal(await ended, 0);
});
