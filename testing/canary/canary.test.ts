/**
 * P2: prompts and outputs are not stored. A unique string goes through every inference route and outcome; afterwards it is in no byte that the
 * installation keeps or says. The same search finds a string planted on purpose, in a file, in the database and on the terminal.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { request } from 'undici';
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { Installation } from '../installation.ts';
import { deploy, ensureModel } from '../models.ts';
import type { Deployed } from '../models.ts';
import { NullEngine } from '../null-engine/process.ts';
import { descendants, searchFolder, searchProcesses, searchText, workers } from './search.ts';
import type { Hit } from './search.ts';

const started = Date.now();
const canary = `canary${randomBytes(12).toString('hex')}`;
let installation: Installation;
let nullEngine: NullEngine;
let chat: Deployed;
let vectors: Deployed;
const external: Record<string, Deployed> = {};
let cells = 0;

before(async () => {
  installation = await Installation.start();
  nullEngine = await NullEngine.start({ intervalMs: 5, tokens: 20 });
  const chatModel = await ensureModel(installation, 'smollm2-135m-instruct');
  chat = await deploy(installation, chatModel, 'chat', '--context', '1024');
  vectors = await deploy(installation, await ensureModel(installation, 'all-minilm-l6-v2'), 'vectors');
  for (const fault of ['null', 'null-500', 'null-cut', 'null-garbage', 'null-hang', 'null-400']) {
    await installation.json('engines', 'add', `${fault}-engine`, '--url', nullEngine.url, '--model', chatModel, '--served-model', fault);
    external[fault] = await deploy(installation, chatModel, fault, '--engine', `${fault}-engine`);
  }
}, { timeout: 300_000 });

after(async () => {
  await installation?.remove();
  await nullEngine?.stop();
});

type Body = Record<string, unknown>;
const bodies: Record<string, (spoilt: boolean) => Body> = {
  createChatCompletion: (spoilt) => ({ messages: [{ role: 'user', content: `Repeat: ${canary}` }], max_tokens: 12, ...(spoilt ? { temperature: canary } : {}) }),
  createCompletion: (spoilt) => ({ prompt: `Repeat: ${canary} ${canary}`, max_tokens: 12, ...(spoilt ? { flavour: canary } : {}) }),
  createEmbeddings: (spoilt) => ({ input: [canary, `twice ${canary}`], ...(spoilt ? { dimensions: canary } : {}) }),
};

async function send(path: string, key: string, body: Body | string, options: { abortAfterMs?: number; /** Called when the first of the answer is here. */ onFirst?: () => void } = {}): Promise<{ status: number; text: string }> {
  cells++;
  const controller = new AbortController();
  if (options.abortAfterMs !== undefined) setTimeout(() => controller.abort(), options.abortAfterMs);
  try {
    const answer = await request(`${installation.origin}${path}`, {
      method: 'POST', signal: controller.signal, body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'x-note': canary },
    });
    let text = '';
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      if (text === '') options.onFirst?.();
      text += chunk.toString();
    }
    return { status: answer.statusCode, text };
  } catch (error) { return { status: 0, text: String(error) }; }
}

const withContent = (Object.values(operations) as Operation[]).filter(carriesContent);
const inference = withContent.filter(({ tag }) => tag !== 'files');

test('every operation that carries content is covered here; those on files in testing/data/at-rest.test.ts', () => {
  assert.deepEqual(withContent.filter(({ tag }) => tag === 'files').map(({ id }) => id), ['createFile', 'fileContent', 'addUploadPart']);
  assert.deepEqual(inference.map((op) => op.id).sort(), Object.keys(bodies).sort());
});

test('the canary goes through every route and outcome', { timeout: 300_000 }, async () => {
  for (const op of inference) {
    const at = op.id === 'createEmbeddings' ? vectors : chat;
    for (const path of [op.path, ...(op.aliases ?? [])].map((route) => route.replace('{deployment}', at.name))) {
      const body = bodies[op.id]?.(false) ?? {};
      const named = { ...body, model: at.name };
      assert.equal((await send(path, at.primaryKey, named)).status, 200, path);
      if (op.event) {
        const streamed = await send(path, at.primaryKey, { ...named, stream: true });
        assert.ok(streamed.status === 200 && streamed.text.includes('[DONE]'), path);
        await send(path, at.primaryKey, { ...named, stream: true, max_tokens: 400 }, { abortAfterMs: 120 });
      }
      const spoilt = await send(path, at.primaryKey, { ...(bodies[op.id]?.(true) ?? {}), model: at.name });
      assert.ok(spoilt.status === 400 && !spoilt.text.includes(canary), `a refusal does not echo: ${spoilt.text}`);
      assert.equal((await send(path, at.primaryKey, { ...named, [canary]: canary })).status, 400);
      assert.equal((await send(path, `wrong-${canary}`, named)).status, 401);
      assert.ok([400, 404].includes((await send(path, at.primaryKey, { ...named, model: canary })).status) || path.includes(at.name));
      assert.equal((await send(path, at.primaryKey, `{"messages": "${canary}`)).status, 400);
      assert.equal((await send(`${path}?api-version=${canary}`, at.primaryKey, named)).status, 200);
    }
  }
  await send(`/v1/${canary}`, chat.primaryKey, {});
  await send(`/v1/chat/completions`, chat.primaryKey, { model: chat.name, messages: [{ role: 'user', content: `${canary} `.repeat(20_000) }] });
});

test('and through an engine that answers, fails, breaks off, babbles and hangs', { timeout: 120_000 }, async () => {
  for (const at of Object.values(external)) {
    for (const stream of [false, true]) {
      await send('/v1/chat/completions', at.primaryKey, { ...bodies['createChatCompletion']?.(false), model: at.name, stream }, at.name === 'null-hang' ? { abortAfterMs: 1000 } : {});
    }
  }
});

test('and through a worker that is killed while it answers', { timeout: 120_000 }, async () => {
  const gateway = (await installation.processes()).find((process) => process.name === 'gateway');
  const found = workers(gateway?.pid ?? 0);
  assert.ok(found.length > 0, 'workers are there');
  const { text } = await send('/v1/chat/completions', chat.primaryKey, { ...bodies['createChatCompletion']?.(false), model: chat.name, stream: true, max_tokens: 500 }, { onFirst: () => { for (const pid of found) process.kill(pid, 'SIGKILL'); } });
  assert.ok(!text.includes('[DONE]'), 'a broken answer does not look whole');
});

test('and through a connection that is cut in the middle of its body', async () => {
  const socket = connect(installation.port, '127.0.0.1');
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${chat.primaryKey}\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"messages":[{"role":"user","content":"${canary}`);
  await sleep(200);
  socket.destroy();
  cells++;
});

async function everywhere(needle: string): Promise<Hit[]> {
  await sleep(500);
  const supervisor = await installation.supervisorPid();
  return [
    ...searchFolder(installation.data, needle).hits, ...searchFolder(installation.run, needle).hits,
    ...searchFolder(tmpdir(), needle, started).hits, ...searchFolder('/dev/shm', needle, started).hits, ...searchFolder('/var/tmp', needle, started).hits,
    ...searchFolder(process.cwd(), needle, started).hits.filter((hit) => !hit.place.includes('node_modules')),
    ...searchText('terminal', installation.output, needle), ...searchProcesses(descendants(supervisor), needle),
  ];
}

test('afterwards it is nowhere', { timeout: 120_000 }, async (t) => {
  const hits = await everywhere(canary);
  t.diagnostic(`${cells} requests with the canary`);
  assert.deepEqual(hits, []);
});

test('the same search finds what was planted: in a file, in the database, on the terminal', { timeout: 120_000 }, async () => {
  const planted = `planted${randomBytes(12).toString('hex')}`;
  appendFileSync(join(installation.data, 'logs', 'planted.log'), `debug: prompt=${Buffer.from(planted).toString('base64')}\n`);
  const client = new pg.Client({ host: installation.run, user: 'modelkeep', database: 'modelkeep' });
  await client.connect();
  await client.query('create table planted (note text)');
  await client.query('insert into planted values ($1)', [planted]);
  await client.query('drop table planted');
  await client.end();
  installation.output += `\n${planted}\n`;
  const places = (await everywhere(planted)).map((hit) => hit.place);
  assert.ok(places.some((place) => place.endsWith('planted.log')), 'file');
  assert.ok(places.some((place) => place.includes('pg_wal')), 'write-ahead log');
  assert.ok(places.includes('terminal'), 'terminal');
});

test('after the worker died the deployment answers again by itself', { timeout: 60_000 }, async () => {
  for (let i = 0; i < 100; i++) {
    const answer = await send('/v1/chat/completions', chat.primaryKey, { ...bodies['createChatCompletion']?.(false), model: chat.name });
    if (answer.status === 200) return;
    await sleep(300);
  }
  assert.fail('the worker did not come back');
});
