import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Custody } from './custody-under-test.ts';

let folder: string;
let custody: Custody;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mk-custody-'));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  custody = await Custody.start(folder);
});
after(async () => {
  await custody.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('it is ready, on a socket for its user only, and the authority\'s certificate is published', () => {
  assert.deepEqual(custody.readiness, { ready: true });
  assert.equal(statSync(join(folder, 'run/custody.sock')).mode & 0o777, 0o600);
  assert.equal(readFileSync(join(folder, 'ca.pem'), 'utf8'), readFileSync(join(folder, 'keys/ca.pem'), 'utf8'));
});

test('it mints, releases and issues', async () => {
  assert.match(String((await custody.ask('/mint-credential', '{"prefix":"mk-ek-"}')).body['credential']), /^mk-ek-/);
  assert.equal(Buffer.from(String((await custody.ask('/release-key', '{"purpose":"cache-scope"}')).body['key']), 'base64').length, 32);
  assert.match(String((await custody.ask('/issue-server-certificate', '{"names":["localhost"]}')).body['certificate']), /BEGIN CERTIFICATE/);
});

test('what it does not know it refuses: purposes, prefixes, names, fields, paths, methods, long and broken bodies', async () => {
  for (const [path, body] of [
    ['/release-key', '{"purpose":"root"}'], ['/release-key', '{}'], ['/release-key', '{"purpose":"cache-scope","more":1}'], ['/mint-credential', '{"prefix":"sk-"}'],
    ['/issue-server-certificate', '{"names":[]}'], ['/issue-server-certificate', '{"names":["a b"]}'], ['/mint-credential', '{'], ['/mint-credential', `"${'x'.repeat(70_000)}"`],
  ] as const) assert.deepEqual(await custody.ask(path, body), { status: 400, body: { error: { code: 'invalid_request' } } }, `${path} ${body.slice(0, 40)}`);
  for (const path of ['/', '/root-key', '/constructor', '/release-key/']) assert.equal((await custody.ask(path, '{}')).status, 404);
  assert.equal((await custody.ask('/release-key', '', 'GET')).status, 404);
});

test('no secret is in what it says, and none is in its arguments or its environment', { timeout: 10_000 }, async () => {
  const secrets = [
    String((await custody.ask('/mint-credential', '{"prefix":"mk-ad-"}')).body['credential']).slice(6), String((await custody.ask('/release-key', '{"purpose":"credential-hash"}')).body['key']),
    readFileSync(join(folder, 'keys/root.key')).toString('base64'), readFileSync(join(folder, 'keys/root.key')).toString('hex'),
  ];
  // Its output comes by another way than its answers: the last event is waited for, so that nothing said before it is missed.
  while (!custody.output.includes('"event":"key_released","purpose":"credential-hash"')) await sleep(10);
  const shown = custody.output + readFileSync(`/proc/${custody.child.pid ?? 0}/cmdline`, 'latin1') + readFileSync(`/proc/${custody.child.pid ?? 0}/environ`, 'latin1');
  for (const secret of secrets) assert.ok(!shown.includes(secret));
});

test('it ends when its supervisor does, gives the same keys again, and says keys_unreadable when they are damaged', async () => {
  const key = (await custody.ask('/release-key', '{"purpose":"credential-hash"}')).body;
  assert.equal(await custody.stop(), 0);
  custody = await Custody.start(folder);
  assert.deepEqual((await custody.ask('/release-key', '{"purpose":"credential-hash"}')).body, key);
  await custody.stop();
  rmSync(join(folder, 'keys'), { recursive: true });
  custody = await Custody.start(folder);
  assert.deepEqual(custody.readiness, { ready: false, code: 'keys_unreadable' }, 'lost keys are not replaced');
  await once(custody.child, 'exit');
  mkdirSync(join(folder, 'keys'), { recursive: true });
  writeFileSync(join(folder, 'keys/root.key'), 'damaged', { mode: 0o400 });
  custody = await Custody.start(folder);
  assert.deepEqual(custody.readiness, { ready: false, code: 'keys_unreadable' });
});
