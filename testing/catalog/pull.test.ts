/** Pulling as a user does it: `modelkeep pull` through a slow hub, with control killed on the way; and the conversion of a real encoder. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkGguf } from '#control/catalog/formats/check-gguf.ts';
import { HubUnderTest } from '#control/catalog/pull/hub-under-test.ts';
import { Installation } from '../installation.ts';
import { deploy, modelFile } from '../models.ts';

const path = 'acme/tiny/tiny.gguf';
const hub = new HubUnderTest();
let installation: Installation;
let weights: Buffer;
before(async () => {
  weights = readFileSync((await modelFile('all-minilm-l6-v2')).path);
  hub.put(path, weights);
  installation = await Installation.start({ env: { HF_ENDPOINT: await hub.start() } });
});
after(async () => { await installation.remove(); await hub.stop(); });

async function importModel(name: string): Promise<void> {
  const { manifest } = await modelFile('all-minilm-l6-v2');
  const file = join(installation.data, `${name}.json`);
  writeFileSync(file, JSON.stringify({ ...manifest, name, format: 'gguf', files: [{ role: 'weights', source: { type: 'huggingface', repository: 'acme/tiny', revision: 'main', path: 'tiny.gguf' } }] }));
  await installation.json('models', 'import', file);
}
interface Pull { state: string; pinned: string; receivedBytes: number }

test('a pull outlives kill -9 of control, takes up where it was, and what it brought serves', { timeout: 180_000 }, async () => {
  await importModel('tiny');
  hub.rate = 8_000_000;
  hub.cuts = [10_000_000];
  const pull = installation.cli('pull', 'tiny', '--json');
  while (hub.sent < 20_000_000) await sleep(20);
  const control = (await installation.processes()).find((each) => each.name === 'control');
  assert.ok(control);
  process.kill(control.pid, 'SIGKILL');
  await sleep(500);
  hub.rate = undefined;
  const { code, stdout, stderr } = await pull;
  assert.equal(code, 0, stdout + stderr);
  const done = JSON.parse(stdout) as Pull;
  assert.deepEqual([done.state, done.pinned, done.receivedBytes], ['done', 'first_pull', weights.length]);
  const ranges = hub.asked.filter((each) => each.where === 'storage').map((each) => Number(/bytes=(\d+)-/.exec(each.range ?? '')?.[1] ?? 0));
  assert.deepEqual(ranges.map((from, i) => i === 0 ? from === 0 : from >= i * 9_000_000), [true, true, true], String(ranges));
  const shown = await installation.json<{ versions: { artifactDigest: string | null }[] }>('models', 'show', 'tiny');
  assert.ok(JSON.stringify(shown).includes(createHash('sha256').update(weights).digest('hex')));
  const deployed = await deploy(installation, 'tiny', 'vectors');
  const answer = await fetch(`${deployed.baseUrl}/embeddings`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${deployed.primaryKey}` }, body: JSON.stringify({ model: 'vectors', input: 'a sentence' }) });
  assert.equal(answer.status, 200);
});

test('a hub that sends other bytes than it vouches for: quarantine, said plainly, and exit 1', { timeout: 60_000 }, async () => {
  await importModel('forged');
  hub.files.set(path, Buffer.concat([weights.subarray(0, -1), Buffer.from([(weights.at(-1) ?? 0) ^ 1])]));
  const outcome = await installation.cli('pull', 'forged', '--json');
  assert.equal(outcome.code, 1);
  assert.match(outcome.stdout + outcome.stderr, /checksum_mismatch/);
  assert.match(outcome.stdout + outcome.stderr, /quarantine/);
  const refused = await installation.cli('deploy', 'forged', '--serverless', '--name', 'forged', '--json');
  assert.notEqual(refused.code, 0);
});

test('converting the same encoder gives the same bytes, everywhere', { timeout: 120_000 }, async () => {
  const { path: converted, sha256 } = await modelFile('all-minilm-l6-v2');
  assert.equal(sha256, '3c13c75a135a25fb4e765bd126e75689e346d6bbf704fc3ababf27adbf90bf4f');
  assert.deepEqual(checkGguf(converted), { version: 3, tensors: 101, architecture: 'bert', keys: 23 });
});
