/**
 * P1 on a running installation: what its processes open is what the data map declares, every declared destination is reached in its declared way,
 * and the data folder and the logs have nothing in them that the map does not name.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { Agent, FormData, request } from 'undici';
import { destinations } from '#contract/data-map/destinations.ts';
import type { DestinationId } from '#contract/data-map/destinations.ts';
import { matches, storedFiles } from '#contract/data-map/files.ts';
import { sockets } from '#contract/installation.ts';
import { localConnections } from '#contract/data-map/local-connections.ts';
import { foreignFields } from '#contract/data-map/telemetry.ts';
import { HubUnderTest } from '#control/catalog/pull/hub-under-test.ts';
import { startDatabase } from '#control/storage/database-under-test.ts';
import type { DatabaseUnderTest } from '#control/storage/database-under-test.ts';
import { command, freePort, Installation, project } from '../installation.ts';
import { deploy, modelFile } from '../models.ts';
import { FakeS3 } from '../datastores/fake-s3.ts';
import { WitnessUnderTest } from '../ledger/witness-under-test.ts';
import { NullEngine } from '../null-engine/process.ts';
import { declarationOf, judge, processOf } from './judge.ts';
import type { Circumstances, Declaration } from './judge.ts';
import { EgressRecord } from './recorded.ts';

const chatModel = 'smollm2-135m-instruct';
const record = new EgressRecord();
const hub = new HubUnderTest();
const storageOfTheirs = new FakeS3();
let installation: Installation;
let onDatabase: Installation;
let engine: NullEngine;
let database: DatabaseUnderTest;
/** It knows no log: what matters here is that it is asked. */
const witness = new WitnessUnderTest('');
let circumstances: Circumstances;

/** A model version like a kept one, whose file comes from elsewhere. */
async function importFrom(name: string, source: object): Promise<void> {
  const { manifest } = await modelFile('all-minilm-l6-v2');
  const file = join(dirname(installation.data), `${name}-${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ ...manifest, name, format: 'gguf', files: [{ role: 'weights', source }] }));
  try { await installation.json('models', 'import', file); } finally { rmSync(file); }
}
async function post(baseUrl: string, path: string, key: string, body: object): Promise<void> {
  const answer = await fetch(`${baseUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` }, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}

/** Pulls by every kind of source; the two that would need the outside fail, after they have tried to reach it. @returns where HTTPS was tried. */
async function pullFromEverywhere(): Promise<string> {
  await importFrom('tiny', { type: 'huggingface', repository: 'acme/tiny', path: 'tiny.gguf' });
  await installation.json('pull', 'tiny');
  const nowhere = `127.0.0.1:${await freePort()}`;
  await importFrom('far', { type: 'https', url: `https://${nowhere}/far.gguf` });
  assert.match((await installation.cli('pull', 'far', '--json')).stdout, /source_unreachable/);
  assert.match((await installation.cli('pull', chatModel, '--json')).stdout, /pip_failed|source_not_found/);
  return nowhere;
}

/** Seals a file into S3 and names one that is there, as the user of this machine. */
async function useStorage(): Promise<void> {
  await storageOfTheirs.start('bucket');
  const place = { kind: 's3', endpoint: storageOfTheirs.endpoint, region: storageOfTheirs.region, bucket: 'bucket' };
  const ask = async (path: string, body: string | FormData, headers: Record<string, string> = {}): Promise<void> => {
    const door = new Agent({ connect: { socketPath: join(installation.run, sockets.gateway) } });
    try {
      const answer = await request(`http://modelkeep${path}`, { method: 'POST', body, headers, dispatcher: door });
      assert.ok(answer.statusCode < 300, await answer.body.text());
    } finally { await door.close(); }
  };
  const post = async (path: string, body: object): Promise<void> => ask(path, JSON.stringify(body), { 'content-type': 'application/json' });
  await post('/api/datastores', { name: 'sealed', use: 'sealed', place, credential: storageOfTheirs.credential });
  const form = new FormData();
  for (const [name, value] of [['purpose', 'user_data'], ['datastore', 'sealed']] as const) form.set(name, value);
  form.set('file', new Blob(['plain']), 'plain.txt');
  await ask('/v1/files', form);
  const key = storageOfTheirs.bucket('bucket').objects[0]?.key ?? '';
  await post('/api/datastores', { name: 'theirs', use: 'designated', place, credential: storageOfTheirs.credential });
  await post('/api/datastores/theirs/files', { path: key, purpose: 'user_data' });
}

/** As a user of another machine: by the public address, with a credential; and with the verifier, on the published ledger. */
async function fromElsewhere(): Promise<void> {
  const credential = /mk-ad-[\w-]{43}/.exec(installation.output)?.[0] ?? '';
  const env = { ...record.env, XDG_CONFIG_HOME: join(dirname(database.folder), `mk-elsewhere-${process.pid}`), MODELKEEP_DATA: join(database.folder, 'none') };
  const login = await command(process.execPath, [join(project, 'bin/modelkeep.mjs'), 'login', installation.origin], env, `${credential}\n`);
  assert.equal(login.code, 0, login.stderr);
  rmSync(env.XDG_CONFIG_HOME, { recursive: true });
  const checkpoint = join(database.folder, 'checkpoint');
  writeFileSync(checkpoint, await (await fetch(`${installation.origin}/ledger/checkpoint`)).text());
  const verified = await command(process.execPath, [join(project, 'edge/verify/main.ts'), 'checkpoint', checkpoint, checkpoint, '--ledger', `${installation.origin}/ledger`], record.env);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
}

before(async () => {
  const weights = await modelFile('all-minilm-l6-v2');
  hub.put('acme/tiny/tiny.gguf', readFileSync(weights.path));
  const hubOrigin = await hub.start();
  const storage = new URL((await fetch(`${hubOrigin}/acme/tiny/resolve/main/tiny.gguf`, { redirect: 'manual' })).headers.get('location') ?? '').host;
  engine = await NullEngine.start({ tokens: 4, intervalMs: 0 });
  database = await startDatabase(undefined);
  await witness.start();
  const witnesses = join(database.folder, 'witnesses');
  writeFileSync(witnesses, `${witness.verifierKey} ${witness.url}\n`);
  installation = await Installation.start({ env: { ...record.env, HF_ENDPOINT: hubOrigin, PIP_NO_INDEX: '1', MODELKEEP_WITNESSES: witnesses } });
  const tried = await pullFromEverywhere();
  const vectors = await deploy(installation, 'tiny', 'vectors');
  await post(vectors.baseUrl, '/embeddings', vectors.primaryKey, { model: 'vectors', input: 'a sentence' });
  await installation.json('engines', 'add', 'null', '--url', engine.url, '--model', chatModel, '--served-model', 'null');
  const chat = await deploy(installation, chatModel, 'chat', '--engine', 'null');
  await post(chat.baseUrl, '/chat/completions', chat.primaryKey, { model: 'chat', messages: [{ role: 'user', content: 'hello' }] });
  await installation.json('config');
  await useStorage();
  await fromElsewhere();
  const second = await command(process.execPath, [join(project, 'bin/modelkeep.mjs'), 'up', '--data', installation.data], record.env);
  assert.equal(second.code, 6);
  onDatabase = await Installation.start({ env: { ...record.env, DATABASE_URL: database.url } });
  await onDatabase.stop();
  const host = (url: string): string => new URL(url).host;
  circumstances = { runFolders: [installation.run, onDatabase.run], targets: {
    model_hub: [host(hubOrigin), storage], https_source: [tried], python_index: ['python3'], external_engine: [host(engine.url)],
    database: [join(database.folder, 'run/.s.PGSQL.5432')], server: [host(installation.origin)], ledger_witness: [host(witness.url)], object_storage: [host(storageOfTheirs.endpoint)], published_ledger: [host(installation.origin)],
  } };
}, { timeout: 300_000 });
after(async () => {
  await installation?.remove();
  await onDatabase?.remove();
  await engine?.stop();
  await hub.stop();
  await witness.stop();
  await storageOfTheirs.stop();
  await database?.stop();
  record.remove();
});

test('every connection, name and program of every process has its declaration', () => {
  assert.deepEqual(judge(record.entries(), circumstances).undeclared, []);
});

test('every destination and every local socket is reached in its declared way', () => {
  const { declared } = judge(record.entries(), circumstances);
  // Answers go back on the connection that the caller opened; a worker's socket is inherited. No project here has a customer's key, so key-custody connects to nothing: testing/providers/ tries those.
  const expected: Declaration[] = [
    ...(Object.keys(destinations) as DestinationId[]).filter((id) => id !== 'caller' && destinations[id].openings.some(({ process }) => process !== 'key-custody')).map((id): Declaration => `destination ${id}`),
    ...(Object.keys(localConnections) as (keyof typeof localConnections)[]).filter((id) => localConnections[id].socket !== null).map((id): Declaration => `local ${id}`),
  ];
  assert.deepEqual([...declared].filter((each) => !each.startsWith('program ')).sort(), expected.sort());
});

test('nothing leaves but to a declared destination, and key-custody opens nothing at all', () => {
  const entries = record.entries();
  const outward = entries.filter(({ kind, where }) => kind === 'connect' && where !== 'unix').map((entry) => declarationOf(entry, circumstances));
  assert.ok(outward.length > 5 && outward.every((each) => each?.startsWith('destination ')));
  assert.deepEqual([...new Set(entries.filter((entry) => processOf(entry) === 'key-custody').map(({ kind }) => kind))], ['started']);
  for (const process of ['supervisor', 'control', 'gateway', 'command-line', 'verifier'] as const) assert.ok(entries.some((entry) => processOf(entry) === process), process);
});

test('a destination that was not declared would be noticed in this very record', () => {
  const { targets } = circumstances;
  const { undeclared } = judge(record.entries(), { ...circumstances, targets: { ...targets, external_engine: [] } });
  assert.ok(undeclared.length > 0 && undeclared.every((entry) => processOf(entry) === 'gateway' && entry.target === targets.external_engine?.[0]));
});

/** Files of the data folder that the data map does not name. */
function unnamedFiles(data: string): string[] {
  const paths = readdirSync(data, { recursive: true, withFileTypes: true }).filter((each) => !each.isDirectory()).map((each) => relative(data, join(each.parentPath, each.name)));
  return paths.filter((path) => !storedFiles.some(({ path: pattern }) => matches(pattern, path)));
}
test('every file of the data folder is one that the data map names; another would be noticed', () => {
  assert.deepEqual(unnamedFiles(installation.data), []);
  writeFileSync(join(installation.data, 'logs/prompts.log'), '');
  assert.deepEqual(unnamedFiles(installation.data), ['logs/prompts.log']);
  rmSync(join(installation.data, 'logs/prompts.log'));
});

test('every line of every log has only declared fields, with values of their kind', () => {
  const lines = ['supervisor', 'control', 'gateway', 'key-custody'].flatMap((name) => {
    const text = readFileSync(join(installation.data, `logs/${name}.log`), 'utf8').trim();
    assert.notEqual(text, '', name);
    return text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  });
  assert.deepEqual(lines.filter((line) => foreignFields(line).length > 0).map((line) => [line, foreignFields(line)]), []);
});
