/** The list of models and the pulls, asked over control's socket: what was acknowledged is seen, and a pull that was cancelled leaves nothing. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Model, ModelManifest } from '#contract/http/models.ts';
import type { Pull } from '#contract/http/pulls.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import { smallGguf } from '../formats/gguf-under-test.ts';
import { HubUnderTest } from '../pull/hub-under-test.ts';
import { ControlUnderTest } from '../../server/control-under-test.ts';
import { startDatabase } from '../../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../../storage/database-under-test.ts';

type List = ResponseOf<typeof operations.listModels>;
const hub = new HubUnderTest();
const file = Buffer.concat([smallGguf(), randomBytes(2 << 20)]);
let database: DatabaseUnderTest;
let control: ControlUnderTest;
before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database, { hfEndpoint: await hub.start() });
  hub.put('acme/tiny/tiny.gguf', file);
});
after(async () => { await control.stop(); await database.stop(); await hub.stop(); });

const manifest = (over: Partial<ModelManifest>): object => ({
  name: 'tiny', version: '1', displayName: 'Tiny', publisher: 'Acme', summary: 'For tests.', task: 'chat-completion', licence: 'MIT', format: 'gguf',
  files: [{ role: 'weights', source: { type: 'huggingface', repository: 'acme/tiny', revision: 'main', path: 'tiny.gguf' } }], ...over,
});
const list = async (query: string): Promise<List> => await control.get<List>('GET', `/api/models?${query}`);
const importModel = async (over: Partial<ModelManifest>): Promise<Model> => await control.get<Model>('POST', '/api/models', { body: manifest(over) });
const found = async (query: string): Promise<string[]> => (await list(query)).data.map(({ name }) => name);
const pullOf = async (id: string): Promise<Pull> => await control.get<Pull>('GET', `/api/pulls/${id}`);

test('a model is found as soon as its import is acknowledged, in its newest version', async () => {
  await list('');
  await Promise.all(Array.from({ length: 8 }, async (_each, i) => {
    await importModel({ name: `quick-${i}`, publisher: 'Quickly' });
    assert.deepEqual(await found(`search=quick-${i}`), [`quick-${i}`]);
  }));
  assert.equal((await list('publisher=Quickly')).total, 8);
  await importModel({ name: 'quick-1', version: '2', publisher: 'Later' });
  assert.deepEqual(await found('publisher=Later'), ['quick-1']);
  assert.equal((await list('publisher=Quickly')).total, 7);
  const model = await control.get<Model>('GET', '/api/models/quick-1');
  assert.deepEqual(model.versions.map(({ version }) => version), ['2', '1']);
});

test('pages go on by their cursor; what is no cursor is refused', async () => {
  const names: string[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page: List = await list(`sort=newest&limit=5${next === '' ? '' : `&after=${next}`}`);
    names.push(...page.data.map(({ name }) => name));
    next = page.next;
  }
  const all = await list('sort=newest');
  assert.deepEqual(names, all.data.map(({ name }) => name));
  assert.deepEqual([all.next, all.total], [null, names.length]);
  assert.equal(names[0], 'quick-1');
  for (const [query, param] of [['after=x', 'after'], ['limit=0', 'limit'], ['limit=501', 'limit'], ['limit=many', 'limit'], ['maxSize=-1', 'maxSize'], ['sort=colour', 'sort'], ['deployable=maybe', 'deployable']]) {
    assert.equal(await control.refusal('GET', `/api/models?${query ?? ''}`), `400 invalid_request ${param ?? ''}`);
  }
});

test('a pull is found by whoever left it, with its rate; cancelled it ends, gives its disk back, and can be started again', async () => {
  await importModel({});
  hub.rate = 200_000;
  const { id } = await control.get<Pull>('POST', '/api/models/tiny/pull', { body: {} });
  assert.deepEqual(await found('pull=pulling'), ['tiny']);
  const pulls = async (): Promise<Pull[]> => (await control.get<{ data: Pull[] }>('GET', '/api/pulls?model=tiny')).data;
  for (const deadline = Date.now() + 20_000; ;) {
    const [pull] = await pulls();
    assert.equal(pull?.id, id);
    if (pull.bytesPerSecond !== null && pull.bytesPerSecond > 0 && pull.remainingSeconds !== null) break;
    assert.ok(Date.now() < deadline, JSON.stringify(pull));
    await sleep(100);
  }
  const stranger: Principal = { kind: 'project_token', id: `tok_${'0'.repeat(26)}`, projectId: null, deploymentId: null };
  assert.equal(await control.refusal('DELETE', `/api/pulls/${id}`, { as: stranger }), '403 permission_denied pull');
  const cancelled = await control.get<Pull>('DELETE', `/api/pulls/${id}`);
  assert.deepEqual([cancelled.state, cancelled.failure, cancelled.bytesPerSecond], ['failed', 'cancelled', null]);
  assert.deepEqual(await control.get('DELETE', `/api/pulls/${id}`), cancelled, 'cancelling again changes nothing');
  const models = join(database.folder, 'data/models');
  assert.ok(existsSync(models));
  assert.deepEqual(['work', 'sha256', 'quarantine'].flatMap((folder) => readdirSync(join(models, folder))), []);
  assert.deepEqual([await found('pull=failed'), (await found('pull=not_pulled')).includes('tiny')], [[], true]);
  hub.rate = undefined;
  const again = await control.get<Pull>('POST', '/api/models/tiny/pull', { body: {} });
  assert.notEqual(again.id, id);
  for (const deadline = Date.now() + 20_000; (await pullOf(again.id)).state !== 'done';) { assert.ok(Date.now() < deadline); await sleep(50); }
  assert.deepEqual(await found('pull=pulled'), ['tiny']);
  assert.deepEqual((await pulls()).map(({ state }) => state), ['done', 'failed']);
  assert.equal((await control.get<Pull>('DELETE', `/api/pulls/${again.id}`)).state, 'done', 'what is done stays done');
});

test('a pull that nobody knows is not there', async () => assert.equal(await control.refusal('DELETE', `/api/pulls/pul_${'0'.repeat(26)}`), '404 pull_not_found pull'));
