/** What a pull promises, against servers that speak the hub's protocol and fail as real ones do. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ModelManifest } from '#contract/http/models.ts';
import { manifestDigest } from '../digest.ts';
import { smallGguf } from '../formats/gguf-under-test.ts';
import { HubUnderTest } from './hub-under-test.ts';
import { ModelFolder } from './model-folder.ts';
import { performPull } from './perform-pull.ts';
import type { PullOutcome } from './perform-pull.ts';
import { PullFailure } from './pull-failure.ts';

const model = Buffer.concat([smallGguf(), randomBytes(3 << 20)]);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const path = 'acme/tiny/tiny.gguf';

let hub: HubUnderTest;
let endpoint: string;
let root: string;
beforeEach(async () => {
  hub = new HubUnderTest();
  endpoint = await hub.start();
  hub.put(path, model);
  root = mkdtempSync(join(tmpdir(), 'mk-pull-'));
});
afterEach(async () => { await hub.stop(); rmSync(root, { recursive: true }); });

interface Options { file?: Partial<ModelManifest['files'][number]>; pins?: Map<string, string>; signal?: AbortSignal; onProgress?: (received: number) => void; tokenFile?: string; repository?: string }
const manifestOf = ({ file, repository = 'acme/tiny' }: Options): ModelManifest => ModelManifest.parse({
  name: 'tiny', version: '1', displayName: 'Tiny', publisher: 'Acme', summary: 'For tests.', task: 'chat-completion', licence: 'MIT', format: 'gguf',
  files: [{ role: 'weights', source: { type: 'huggingface', repository, revision: 'main', path: 'tiny.gguf' }, ...file }],
});
async function pull(options: Options = {}): Promise<PullOutcome> {
  const manifest = manifestOf(options);
  return await performPull({
    manifest, modelDigest: manifestDigest(manifest), folder: new ModelFolder(root), signal: options.signal ?? new AbortController().signal, pins: options.pins ?? new Map(),
    settings: { hfEndpoint: endpoint, hfTokenFile: options.tokenFile, pipEnvironment: {} }, onState: () => undefined, onProgress: (received) => options.onProgress?.(received),
  });
}
async function failure(options: Options = {}): Promise<string> {
  try { await pull(options); } catch (error) { assert.ok(error instanceof PullFailure, String(error)); return error.code; }
  throw new Error('the pull was done');
}
const storageRanges = (): (string | undefined)[] => hub.asked.filter((each) => each.where === 'storage').map((each) => each.range);
const quarantined = (): string[] => readdirSync(join(root, 'quarantine'));
const adopted = (): string[] => readdirSync(join(root, 'sha256'));

test('a file of the hub is fetched through its redirect and kept under its digest', async () => {
  const seen: number[] = [];
  const outcome = await pull({ file: { sha256: sha256(model), size: model.length }, onProgress: (received) => seen.push(received) });
  assert.deepEqual([outcome.artifactSha256, outcome.artifactSize, outcome.pinned, outcome.newPins.size], [sha256(model), model.length, 'manifest', 0]);
  assert.deepEqual(readFileSync(join(root, 'sha256', sha256(model))), model);
  assert.deepEqual(readdirSync(join(root, 'work')), []);
  assert.ok(seen.length > 3 && seen.at(-1) === model.length && seen.every((each, i) => each >= (seen[i - 1] ?? 0)), 'progress only grows');
});

test('a connection cut again and again is taken up where it was', async () => {
  hub.cuts = [1_000_000, 500_000, 700_000];
  await pull({ file: { sha256: sha256(model) } });
  assert.deepEqual(storageRanges().map((range) => range === undefined), [true, false, false, false]);
  assert.ok(hub.sent < model.length + 3 * 65_536, `${hub.sent} bytes were sent for ${model.length}`);
});

test('a server that is busy for a moment is asked again', async () => {
  hub.states = [503, 429];
  await pull({ file: { sha256: sha256(model) } });
  assert.equal(storageRanges().length, 3);
});

test('a pull that was stopped goes on where it was, in another process\'s stead', async () => {
  hub.rate = 20_000_000;
  const controller = new AbortController();
  assert.equal(await failure({ file: { sha256: sha256(model) }, signal: controller.signal, onProgress: (received) => { if (received > 1_500_000) controller.abort(); } }), 'interrupted');
  hub.rate = undefined;
  await pull({ file: { sha256: sha256(model) } });
  const from = Number(/bytes=(\d+)-/.exec(storageRanges().at(-1) ?? '')?.[1]);
  assert.ok(from >= 1_500_000, String(from));
});

test('a file that has changed in between is fetched from its beginning', async () => {
  hub.rate = 20_000_000;
  const other = Buffer.concat([smallGguf(), randomBytes(3 << 20)]);
  const controller = new AbortController();
  assert.equal(await failure({ signal: controller.signal, onProgress: (received) => { if (received > 1_900_000) controller.abort(); } }), 'interrupted');
  hub.rate = undefined;
  hub.put(path, other);
  const outcome = await pull();
  assert.equal(outcome.artifactSha256, sha256(other));
});

test('without a strong entity tag nothing is put together from two answers', async () => {
  for (const tags of ['weak', 'none'] as const) {
    hub.tags = tags;
    hub.cuts = [1_000_000];
    hub.asked.length = 0;
    await pull({ file: { sha256: sha256(model) } });
    assert.deepEqual(storageRanges(), [undefined, undefined]);
  }
});

test('wrong bytes are moved to quarantine and not used', async () => {
  assert.equal(await failure({ file: { sha256: 'f'.repeat(64) } }), 'checksum_mismatch');
  assert.equal(quarantined().length, 1);
  assert.deepEqual(adopted(), []);
  hub.files.set(path, Buffer.concat([model.subarray(0, -1), Buffer.from([(model.at(-1) ?? 0) ^ 1])]));
  assert.equal(await failure(), 'checksum_mismatch', 'other bytes than the hub itself vouches for');
  assert.equal(quarantined().length, 2);
});

test('a file without a pin is pinned on the first pull, and held to it afterwards', async () => {
  hub.linkedTag = false;
  const first = await pull();
  assert.deepEqual([first.pinned, first.newPins.get('weights')], ['first_pull', sha256(model)]);
  hub.put(path, Buffer.concat([model, Buffer.from('x')]));
  assert.equal(await failure({ pins: first.newPins }), 'checksum_mismatch');
});

test('more bytes than the catalog names are not received', async () => {
  hub.rate = 20_000_000;
  assert.equal(await failure({ file: { size: 1_000_000 } }), 'checksum_mismatch');
  assert.ok(hub.sent < model.length);
});

test('the credential reaches the hub and nobody else', async () => {
  const tokenFile = join(root, 'token');
  writeFileSync(tokenFile, 'hf_right\n');
  hub.put('acme/gated/tiny.gguf', model);
  await pull({ repository: 'acme/gated', tokenFile });
  assert.deepEqual(hub.asked.map((each) => [each.where, each.authorization]), [['hub', 'Bearer hf_right'], ['storage', undefined]]);
  assert.equal(await failure({ repository: 'acme/gated' }), 'source_refused');
  assert.equal(await failure({ repository: 'acme/gated', tokenFile: join(root, 'absent') }), 'source_refused');
});

test('each refusal of a source has its own name', async () => {
  assert.equal(await failure({ repository: 'acme/absent' }), 'source_not_found');
  hub.states = [403];
  assert.equal(await failure(), 'source_refused');
  hub.states = [400];
  assert.equal(await failure(), 'source_unreachable');
  hub.elsewhere = 'http://192.0.2.1/tiny.gguf';
  assert.equal(await failure(), 'source_refused', 'plain HTTP leaves this machine for nobody');
  hub.elsewhere = 'file:///etc/passwd';
  assert.equal(await failure(), 'source_refused');
  hub.elsewhere = `${endpoint}/acme/tiny/resolve/main/tiny.gguf`;
  assert.equal(await failure(), 'source_refused', 'a circle of redirects');
});

test('what is no model is refused and leaves nothing in its place', async () => {
  hub.put(path, Buffer.from(`<html>${'x'.repeat(1000)}</html>`));
  assert.equal(await failure(), 'format_unsupported');
  assert.deepEqual(adopted(), []);
});

test('a file of the machine is copied, verified, and refused where it is not what was named', async () => {
  const file = join(root, 'mine.gguf');
  writeFileSync(file, model);
  const source = { type: 'file', path: file } as const;
  const outcome = await pull({ file: { source, sha256: sha256(model) } });
  assert.ok(existsSync(file) && statSync(join(root, 'sha256', outcome.artifactSha256)).ino !== statSync(file).ino);
  assert.equal(await failure({ file: { source, sha256: '0'.repeat(64) } }), 'checksum_mismatch');
  assert.equal(await failure({ file: { source: { type: 'file', path: root } } }), 'source_not_found');
  assert.equal(await failure({ file: { source: { type: 'file', path: `${root}/none` } } }), 'source_not_found');
});
