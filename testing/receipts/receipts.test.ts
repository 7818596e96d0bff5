/** P20: every request has a signed receipt that its caller can check offline, and that nobody else can open. Driven as callers do: HTTP, the command line, the standalone verifier. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { canonicalJson } from '#contract/canonical-json.ts';
import { sockets } from '#contract/installation.ts';
import { Receipt, ReceiptFile } from '#contract/receipt.ts';
import { verifyBundle } from '#edge/verify/verify-bundle.ts';
import { verifyDeletion } from '#edge/verify/verify-deletion.ts';
import { verifyReceipt } from '#edge/verify/verify-receipt.ts';
import { command, Installation, project } from '../installation.ts';
import { deploy, ensureModel } from '../models.ts';
import type { Deployed } from '../models.ts';
import { NullEngine } from '../null-engine/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-receipts-'));
let installation: Installation;
let engine: NullEngine;
let chat: Deployed;
let slow: Deployed;
before(async () => {
  installation = await Installation.start();
  engine = await NullEngine.start({ intervalMs: 50, tokens: 200 });
  const model = await ensureModel(installation, 'smollm2-135m-instruct');
  chat = await deploy(installation, model, 'chat', '--context', '1024');
  await installation.json('engines', 'add', 'slow', '--url', engine.url, '--model', model, '--served-model', 'null');
  slow = await deploy(installation, model, 'slow', '--engine', 'slow');
}, { timeout: 300_000 });
after(async () => { await installation?.remove(); await engine?.stop(); rmSync(folder, { recursive: true, force: true }); });

interface Sent { id: string; status: number; headers: Record<string, string | string[] | undefined>; prompt: string; response: Buffer }
async function send(key: string | undefined, body: object | string, more: { path?: string; headers?: Record<string, string>; method?: 'GET' | 'POST'; dispatcher?: Agent; abort?: AbortSignal } = {}): Promise<Sent> {
  const prompt = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await request(`${installation.origin}${more.path ?? '/v1/chat/completions'}`, {
    method: more.method ?? 'POST', body: more.method === 'GET' ? null : prompt, ...(more.dispatcher ? { dispatcher: more.dispatcher } : {}),
    headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), 'content-type': 'application/json', ...more.headers },
  });
  const response = Buffer.from(await answer.body.arrayBuffer());
  return { id: String(answer.headers['x-request-id']), status: answer.statusCode, headers: answer.headers, prompt, response };
}
const say = (more: object = {}): object => ({ model: 'chat', messages: [{ role: 'user', content: 'Name a colour.' }], max_tokens: 8, ...more });

async function getFile(id: string, key: string | undefined, ...more: string[]): Promise<string> {
  const file = join(folder, `${id}.json`);
  const outcome = await installation.cli('receipts', 'get', id, ...(key === undefined ? [] : ['--key', key]), '-o', file, ...more);
  assert.equal(outcome.code, 0, outcome.stderr);
  return file;
}
const read = (file: string): ReceiptFile => ReceiptFile.parse(JSON.parse(readFileSync(file, 'utf8')));

/** What the standalone verifier says: `passed`, or the code of the check that failed. */
async function verify(file: string, { prompt, response }: { prompt?: string | Buffer; response?: Buffer } = {}): Promise<string> {
  const args = [join(project, 'edge/verify/bin.mjs'), 'receipt', file, '--json', '--key', join(folder, 'key')];
  writeFileSync(join(folder, 'key'), await (await fetch(`${installation.origin}/ledger/key`)).text());
  if (prompt !== undefined) { writeFileSync(join(folder, 'prompt'), prompt); args.push('--prompt', join(folder, 'prompt')); }
  if (response !== undefined) { writeFileSync(join(folder, 'response'), response); args.push('--response', join(folder, 'response')); }
  const { code, stdout, stderr } = await command(process.execPath, args);
  const verdict = JSON.parse(stdout || `{"passed":false,"checks":[{"code":${JSON.stringify(stderr)}}]}`) as { passed: boolean; checks: { code?: string }[] };
  assert.equal(code, verdict.passed ? 0 : 1);
  return verdict.passed ? 'passed' : verdict.checks.at(-1)?.code ?? 'none';
}

test('a whole answer: its receipt holds offline, and is about these bytes and no others', async () => {
  const sent = await send(chat.primaryKey, say());
  assert.equal(sent.status, 200);
  assert.equal(sent.headers['x-receipt-id'], sent.id);
  assert.equal(sent.headers['x-modelkeep-receipt'], undefined, 'only where it is asked for');
  const file = await getFile(sent.id, chat.primaryKey);
  assert.equal(await verify(file, sent), 'passed');
  assert.equal(await verify(file, { ...sent, prompt: sent.prompt.replace('colour', 'Colour') }), 'prompt_differs');
  assert.equal(await verify(file, { ...sent, response: Buffer.concat([sent.response, Buffer.from(' ')]) }), 'response_differs');
  const { receipt } = read(file);
  const { usage } = JSON.parse(sent.response.toString()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  assert.deepEqual([receipt.outcome, receipt.status, receipt.endpoint, receipt.caller, receipt.retention, receipt.cache_scope], ['complete', 200, '/v1/chat/completions', 'endpoint_key', 'none', 'project']);
  assert.deepEqual([receipt.usage.prompt_tokens, receipt.usage.output_tokens], [usage.prompt_tokens, usage.completion_tokens]);
  assert.match(receipt.engine?.digest ?? '', /^sha256:/);
  assert.ok(receipt.isolation);
  assert.deepEqual(receipt.parties.map(({ party }) => party), ['gateway', 'control', 'worker']);
  assert.ok(receipt.claims.every(({ source }) => source !== 'hardware_proven'), 'software alone proves no hardware');
});

test('a stream: with its frames; with the receipt as its last event where that is asked for', async () => {
  const plain = await send(chat.primaryKey, say({ stream: true }));
  assert.doesNotMatch(plain.response.toString(), /modelkeep\.receipt/);
  assert.equal(await verify(await getFile(plain.id, chat.primaryKey), plain), 'passed');

  const asked = await send(chat.primaryKey, say({ stream: true, stream_options: { include_usage: true } }), { headers: { 'x-modelkeep-receipt': 'include' } });
  const [, event = ''] = /data: \[DONE\]\n\nevent: modelkeep\.receipt\ndata: ([^\n]+)\n\n$/.exec(asked.response.toString()) ?? [];
  const file = await getFile(asked.id, chat.primaryKey);
  assert.deepEqual(Receipt.parse(JSON.parse(event)), read(file).receipt);
  assert.equal(await verify(file, asked), 'passed');

  const whole = await send(chat.primaryKey, say(), { headers: { 'x-modelkeep-receipt': 'include' } });
  assert.equal(Receipt.parse(JSON.parse(Buffer.from(String(whole.headers['x-modelkeep-receipt']), 'base64').toString())).receipt_id, whole.id);
});

test('refusals, errors, departures and management have receipts too', async () => {
  const token = (await installation.json<{ token: string }>('tokens', 'create', 'receipts')).token;
  const wrong = `${chat.primaryKey.slice(0, -4)}aaaa`;
  const cases: [what: string, key: string | undefined, sent: Sent, code: string | null][] = [
    ['a wrong field', chat.primaryKey, await send(chat.primaryKey, say({ temperature: 'hot' })), 'invalid_request'],
    ['broken JSON', chat.primaryKey, await send(chat.primaryKey, '{"model": '), 'invalid_json'],
    ['another deployment', chat.primaryKey, await send(chat.primaryKey, say({ model: 'slow' })), 'model_not_found'],
    ['no such path', chat.primaryKey, await send(chat.primaryKey, say(), { path: '/v1/nothing' }), 'not_found'],
    ['a list of models', token, await send(token, '', { path: '/v1/models', method: 'GET' }), null],
    ['management', token, await send(token, '', { path: '/api/deployments', method: 'GET' }), null],
    ['a refused change', token, await send(token, { name: 'chat' }, { path: '/api/deployments' }), 'invalid_request'],
    ['an unknown key', undefined, await send(wrong, say()), 'invalid_api_key'],
    ['no key', undefined, await send(undefined, say()), 'missing_api_key'],
  ];
  for (const [what, key, sent, code] of cases) {
    const salt = sent.headers['x-modelkeep-receipt-salt'];
    const file = await getFile(sent.id, key, ...(typeof salt === 'string' ? ['--salt', salt] : []));
    const { receipt, opening } = read(file);
    assert.deepEqual([receipt.code, receipt.status, receipt.outcome], [code, sent.status, code === null ? 'complete' : 'refused'], what);
    assert.equal(await verify(file, opening ? { response: sent.response } : {}), 'passed', what);
  }
});

test('a caller who leaves has a receipt that says so', async () => {
  const controller = new AbortController();
  const answer = await request(`${installation.origin}/v1/chat/completions`, {
    method: 'POST', headers: { authorization: `Bearer ${slow.primaryKey}`, 'content-type': 'application/json' }, body: JSON.stringify(say({ model: 'slow', stream: true })), signal: controller.signal,
  }).catch(() => undefined);
  assert.ok(answer, 'the stream began');
  answer.body.on('error', () => undefined);
  controller.abort();
  await sleep(500);
  const file = await getFile(String(answer.headers['x-request-id']), slow.primaryKey);
  const { receipt } = read(file);
  assert.equal(receipt.outcome, 'aborted');
  assert.equal(receipt.engine?.kind, 'external');
  assert.ok(receipt.parties.some(({ party }) => party === 'external_engine'));
  assert.equal(await verify(file), 'passed');
});

test('only the caller has it, and only the caller can open it', async () => {
  const sent = await send(chat.primaryKey, say());
  const path = `/v1/receipts/${sent.id}`;
  const codeOf = async (key: string | undefined): Promise<string> => (JSON.parse((await send(key, '', { path, method: 'GET' })).response.toString()) as { error: { code: string } }).error.code;
  assert.equal(await codeOf(chat.secondaryKey), 'receipt_not_found');
  assert.equal(await codeOf(slow.primaryKey), 'receipt_not_found');
  assert.equal(await codeOf(undefined), 'missing_api_key');
  const own = await send(chat.primaryKey, '', { path, method: 'GET' });
  assert.equal(own.status, 200);
  assert.equal(ReceiptFile.parse(JSON.parse(own.response.toString())).opening, null, 'the server does not send the opening');
  const file = await getFile(sent.id, chat.primaryKey);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"opening":\{[^}]*\}/, '"opening":null'));
  assert.equal(await verify(file, sent), 'opening_missing');
});

test('through the local door, where there is no key, the salt comes with the answer', async () => {
  const dispatcher = new Agent({ connect: { socketPath: join(installation.run, sockets.gateway) } });
  const sent = await send(undefined, say(), { dispatcher });
  const file = await getFile(sent.id, undefined, '--salt', String(sent.headers['x-modelkeep-receipt-salt']));
  assert.equal(await verify(file, sent), 'passed');
  await dispatcher.close();
});

/** Every byte changed in turn. @returns the codes that were given */
async function flips(file: string, codeAt: (bytes: Uint8Array) => Promise<string>): Promise<Set<string>> {
  const bytes = readFileSync(file);
  const seen = new Set<string>();
  const end = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length;
  for (let at = 0; at < end; at++) {
    const copy = new Uint8Array(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    const code = await codeAt(copy);
    assert.notEqual(code, 'passed', `byte ${at}: ${String.fromCharCode(bytes[at] ?? 0)}`);
    seen.add(code);
  }
  return seen;
}
const lastCode = ({ passed, checks }: { passed: boolean; checks: { code?: string }[] }): string => (passed ? 'passed' : checks.at(-1)?.code ?? 'none');

test('every byte of a receipt, flipped in turn, is found', { timeout: 120_000 }, async () => {
  const sent = await send(chat.primaryKey, say());
  const file = await getFile(sent.id, chat.primaryKey);
  const seen = await flips(file, async (bytes) => lastCode(await verifyReceipt({ file: bytes })));
  for (const code of ['json_malformed', 'document_malformed', 'key_malformed', 'note_signature', 'entry_not_in_tree', 'receipt_signature', 'receipt_not_in_ledger', 'opening_differs']) assert.ok(seen.has(code), `${code} in ${[...seen].join()}`);
});

interface Entry { kind: string; object: string; facts: Record<string, unknown> }
/** Every entry that is published. */
async function published(): Promise<Entry[]> {
  const size = Number((await (await fetch(`${installation.origin}/ledger/checkpoint`)).text()).split('\n')[1]);
  const bytes = Buffer.from(await (await fetch(`${installation.origin}/ledger/tile/entries/000.p/${size}`)).arrayBuffer());
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length;) { const end = at + 2 + bytes.readUInt16BE(at); entries.push(JSON.parse(bytes.subarray(at + 2, end).toString()) as Entry); at = end; }
  return entries;
}

test('the ledger tells which programs run, which keys they were given and where models run', async () => {
  const sent = await send(chat.primaryKey, say());
  const { receipt } = read(await getFile(sent.id, chat.primaryKey));
  const entries = await published();
  const of = (kind: string): Entry[] => entries.filter((entry) => entry.kind === kind);
  assert.deepEqual(new Set(of('process.started').map(({ facts }) => facts['process'])), new Set(['postgres', 'key-custody', 'control', 'gateway']));
  for (const { facts } of of('process.started')) { assert.match(String(facts['code']), /^sha256:[0-9a-f]{64}$/); assert.match(String(facts['configuration']), /^sha256:[0-9a-f]{64}$/); }
  assert.deepEqual(of('key.released').map(({ object, facts }) => [object, facts['purpose']]), [[receipt.key_id, 'credential-hash'], [receipt.key_id, 'cache-scope']]);
  assert.ok(of('deployment.isolated').some(({ object, facts }) => object === receipt.deployment && facts['profileDigest'] === receipt.isolation?.profile_digest));
});

test('a project\'s bundle holds offline, shows its names, and every byte of it is checked', { timeout: 120_000 }, async () => {
  const file = join(folder, 'bundle.json');
  assert.equal((await installation.cli('ledger', 'export', '-o', file)).code, 0);
  const { code, stdout } = await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'bundle', file]);
  assert.equal(code, 0, stdout);
  const whole = async (path: string): Promise<string> => (await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'bundle', path, '--ledger', `${installation.origin}/ledger`])).stdout;
  assert.match(await whole(file), /They are all that there are/);
  const { entries, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { entries: unknown[] };
  writeFileSync(join(folder, 'shorter.json'), canonicalJson({ ...rest, entries: entries.slice(1) }));
  assert.match(await whole(join(folder, 'shorter.json')), /entry_missing/);
  const bundle = JSON.parse(readFileSync(file, 'utf8')) as { entries: { entry: string; opening: { facts: Record<string, unknown> } }[] };
  assert.ok(bundle.entries.some(({ opening }) => opening.facts['name'] === 'chat'));
  assert.ok(bundle.entries.every(({ entry }) => !entry.includes('"chat"')), 'the published entry does not');
  const seen = await flips(file, async (bytes) => lastCode(await verifyBundle({ file: bytes })));
  for (const code_ of ['json_malformed', 'note_signature', 'entry_not_in_tree', 'opening_differs', 'project_differs']) assert.ok(seen.has(code_), `${code_} in ${[...seen].join()}`);
});

test('a deletion has a certificate that holds offline, and every byte of it is checked', async () => {
  const gone = await deploy(installation, 'smollm2-135m-instruct-kept', 'gone', '--engine', 'slow');
  const { id } = await installation.json<{ id: string }>('deployments', 'show', 'gone');
  assert.equal((await installation.cli('ledger', 'deletion', id)).code, 5, 'not before it is deleted');
  await installation.json('deployments', 'delete', gone.name);
  const file = join(folder, 'deletion.json');
  assert.equal((await installation.cli('ledger', 'deletion', id, '-o', file)).code, 0);
  const { code, stdout } = await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'deletion', file]);
  assert.equal(code, 0, stdout);
  const seen = await flips(file, async (bytes) => lastCode(await verifyDeletion({ file: bytes })));
  for (const code_ of ['json_malformed', 'note_signature', 'entry_not_in_tree', 'opening_differs', 'project_differs']) assert.ok(seen.has(code_), `${code_} in ${[...seen].join()}`);
});

test('a gateway that starts again signs with a new key, and older receipts still hold', async () => {
  const sent = await send(chat.primaryKey, say());
  const file = await getFile(sent.id, chat.primaryKey);
  const gateway = (await installation.processes()).find(({ name }) => name === 'gateway');
  process.kill(gateway?.pid ?? 0, 'SIGKILL');
  await sleep(500);
  await installation.waitReady();
  assert.equal(await verify(file, sent), 'passed');
  let next = await send(chat.primaryKey, say());
  for (const deadline = Date.now() + 30_000; next.status !== 200 && Date.now() < deadline; next = await send(chat.primaryKey, say())) await sleep(200);
  const other = await getFile(next.id, chat.primaryKey);
  assert.notEqual(read(other).receipt.key_id, read(file).receipt.key_id);
  assert.equal(await verify(other, next), 'passed');
});
