import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { RoutingSnapshot } from '#contract/internal/routing-snapshot.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { ControlUnderTest, localUser } from '../server/control-under-test.ts';
import type { SnapshotStream } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
let artifact: string;
let as: Principal;
let round = 0;
const model = 'smollm2-135m-instruct';
const asked = { name: 'chat', model, kind: 'serverless' };

before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
  artifact = await control.pretendPulled(model);
  await control.get('POST', '/api/engines', { body: { name: 'hall', url: 'https://engines.example.org/v1', model, dialect: 'vllm', servedModel: 'HuggingFaceTB/SmolLM2' } });
});
after(async () => { await control.stop(); await database.stop(); });
beforeEach(async () => {
  const { id } = await control.get<{ id: string }>('POST', '/api/projects', { body: { name: `project-${++round}` } });
  as = { ...localUser, projectId: id };
});

const create = (more: object = {}): Promise<Record<string, unknown>> => control.get('POST', '/api/deployments', { as, body: { ...asked, ...more } });
const refusal = (more: object): Promise<string> => control.refusal('POST', '/api/deployments', { as, body: { ...asked, ...more } });
async function snapshot(stream: SnapshotStream): Promise<RoutingSnapshot> { return RoutingSnapshot.parse(await stream.next()); }

describe('creating a deployment', () => {
  test('of a pulled model gives two keys once, and required isolation unless something else is asked', async () => {
    const made = await create();
    assert.match(String(made['primaryKey']), /^mk-ek-[\w-]{43}$/);
    assert.notEqual(made['primaryKey'], made['secondaryKey']);
    const shown = await control.get('GET', '/api/deployments/chat', { as });
    assert.deepEqual({ ...shown, primaryKey: made['primaryKey'], secondaryKey: made['secondaryKey'] }, made);
    assert.ok(!('primaryKey' in shown) && !('secondaryKey' in shown));
    assert.deepEqual(await control.get('GET', '/api/deployments', { as }), { data: [shown] });
    const { state, isolationRequirement, artifactDigest, baseUrl, region, geography, engine, contextLength, limits } = shown;
    assert.deepEqual({ state, isolationRequirement, artifactDigest, baseUrl, region, geography, engine, contextLength, limits }, {
      state: 'starting', isolationRequirement: 'required', artifactDigest: artifact, baseUrl: 'http://127.0.0.1:8420/v1', region: 'north', geography: 'europe', engine: null,
      contextLength: 4096, limits: { requestsPerMinute: 0, tokensPerMinute: 0, concurrency: 64, queue: 256, queueTimeoutMs: 60_000 },
    });
    assert.equal((await create({ name: 'effort', isolation: 'best-effort' }))['isolationRequirement'], 'best-effort');
  });

  test('on an external engine says that its isolation is the operator’s word', async () => {
    assert.equal((await create({ engine: 'hall' }))['isolationRequirement'], 'operator-asserted');
    assert.equal((await create({ name: 'b', engine: 'hall', isolation: 'operator-asserted' }))['artifactDigest'], null);
  });

  const cases: [name: string, more: object, refusal: string][] = [
    ['local isolation on an external engine', { engine: 'hall', isolation: 'required' }, '409 isolation_refused isolation'],
    ['best effort on an external engine', { engine: 'hall', isolation: 'best-effort' }, '409 isolation_refused isolation'],
    ['the operator’s word for what this machine enforces', { isolation: 'operator-asserted' }, '400 invalid_request isolation'],
    ['an unknown model', { model: 'none' }, '404 model_not_found model'],
    ['an unknown version', { version: 'none' }, '404 model_not_found model'],
    ['a model that is not here', { model: 'smollm2-360m-instruct' }, '409 model_not_pulled model'],
    ['a format that no engine here runs', { model: 'mistral-7b-instruct-v0.3' }, '409 model_not_deployable model'],
    ['an unknown engine', { engine: 'none' }, '404 engine_not_found engine'],
    ['an engine of another model', { engine: 'hall', model: 'smollm2-360m-instruct' }, '400 invalid_request engine'],
    ['more context than the model has', { contextLength: 1_000_000 }, '400 invalid_request contextLength'],
    ['another kind', { kind: 'dedicated' }, '400 invalid_request kind'],
    ['a limit below nothing', { limits: { concurrency: 0 } }, '400 invalid_request limits.concurrency'],
  ];
  for (const [name, more, code] of cases) test(`${name} is refused`, async () => assert.equal(await refusal(more), code));

  test('a name is given once, even to many who ask at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => control.ask('POST', '/api/deployments', { as, body: asked })));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409, 409, 409, 409, 409]);
  });

  test('an engine is not removed under a deployment that is being made on it', async () => {
    for (let i = 0; i < 5; i++) {
      await control.get('POST', '/api/engines', { body: { name: 'brief', url: 'http://127.0.0.1:9/v1', model } });
      const [made, removed] = await Promise.all([control.refusal('POST', '/api/deployments', { as, body: { ...asked, engine: 'brief' } }), control.refusal('DELETE', '/api/engines/brief')]);
      assert.ok(['201 none/409 engine_in_use engine', '404 engine_not_found engine/200 none'].includes(`${made}/${removed}`), `${made}/${removed}`);
      if (made === '201 none') for (const path of ['/api/deployments/chat', '/api/engines/brief']) await control.get('DELETE', path, { as });
    }
  });
});

describe('limits', () => {
  test('change one by one, reach the gateway before the answer, and stand in the ledger once', async () => {
    const { id } = await create({ limits: { requestsPerMinute: 5 } });
    const stream = await control.snapshots();
    const before = await snapshot(stream);
    const { limits } = await control.get<{ limits: object }>('POST', '/api/deployments/chat/limits', { as, body: { concurrency: 8, queue: 0 } });
    assert.deepEqual(limits, { requestsPerMinute: 5, tokensPerMinute: 0, concurrency: 8, queue: 0, queueTimeoutMs: 60_000 });
    const after = await snapshot(stream);
    stream.close();
    assert.ok(after.version > before.version);
    assert.deepEqual(after.routes.find((route) => route.id === id)?.limits, limits);
    await control.get('POST', '/api/deployments/chat/limits', { as, body: { concurrency: 8 } });
    const entries = await database.statement(`select facts from ledger_entries where kind = 'deployment.limits_set' and object = '${String(id)}'`);
    assert.deepEqual(entries, [{ facts: limits }]);
  });
  test('out of bounds, unknown, or of nobody are refused, and nothing changes', async () => {
    const made = await create();
    for (const [body, code] of [[{ concurrency: 0 }, '400 invalid_request concurrency'], [{ requestsPerMinute: 1.5 }, '400 invalid_request requestsPerMinute'], [{ rate: 1 }, '400 unknown_parameter rate']] as const) {
      assert.equal(await control.refusal('POST', '/api/deployments/chat/limits', { as, body }), code);
    }
    assert.equal(await control.refusal('POST', '/api/deployments/none/limits', { as, body: { queue: 1 } }), '404 deployment_not_found deployment');
    assert.deepEqual((await control.get('GET', '/api/deployments/chat', { as }))['limits'], made['limits']);
  });
});

describe('keys', () => {
  test('are replaced one at a time', async () => {
    await create();
    const before = (await control.get<{ data: { id: string; slot: string }[] }>('GET', '/api/deployments/chat/keys', { as })).data;
    const { key, id } = await control.get<{ key: string; id: string }>('POST', '/api/deployments/chat/keys/primary/regenerate', { as });
    assert.match(key, /^mk-ek-/);
    const now = (await control.get<{ data: { id: string; slot: string; hint: string }[] }>('GET', '/api/deployments/chat/keys', { as })).data;
    assert.deepEqual(now.map((row) => row.slot), ['primary', 'secondary']);
    assert.deepEqual(now.map((row) => row.id), [id, before[1]?.id]);
  });
  test('there is no third one', async () => {
    await create();
    assert.equal(await control.refusal('POST', '/api/deployments/chat/keys/third/regenerate', { as }), '404 not_found slot');
  });
});

describe('the routing snapshot', () => {
  test('comes at once, and again before a change is answered', async () => {
    const stream = await control.snapshots();
    const first = await snapshot(stream);
    const { id } = await create({ limits: { requestsPerMinute: 5 } });
    const second = await snapshot(stream);
    assert.ok(second.version > first.version);
    const route = second.routes.find((each) => each.id === id);
    assert.equal(route?.limits.requestsPerMinute, 5);
    assert.deepEqual(route.engine, { kind: 'embedded', artifactDigest: artifact, artifactPath: `${database.folder}/data/models/sha256/${artifact.slice(7)}`, artifactSize: 1000, contextLength: 4096, embeddingLength: null, tools: false });
    assert.equal(second.credentials.filter((credential) => credential.deploymentId === id && credential.kind === 'endpoint_key').length, 2);

    await control.get('POST', '/api/deployments/chat/keys/secondary/regenerate', { as });
    const third = await snapshot(stream);
    assert.equal(third.credentials.filter((credential) => credential.deploymentId === id).length, 2);
    assert.notDeepEqual(third.credentials, second.credentials);

    await control.get('DELETE', '/api/deployments/chat', { as });
    const fourth = await snapshot(stream);
    assert.equal(fourth.routes.some((each) => each.id === id), false);
    assert.equal(fourth.credentials.some((credential) => credential.deploymentId === id), false);
    stream.close();
  });

  test('tells the gateway where an external engine is and how it speaks', async () => {
    const { id } = await create({ engine: 'hall' });
    const stream = await control.snapshots();
    const { engine } = (await snapshot(stream)).routes.find((route) => route.id === id) ?? {};
    stream.close();
    assert.deepEqual(engine, { kind: 'external', name: 'hall', url: 'https://engines.example.org/v1', servedModel: 'HuggingFaceTB/SmolLM2', dialect: 'vllm', credentialFile: null, caFile: null, clientCertificateFile: null, clientKeyFile: null, contextLength: 8192, tools: true });
  });

  test('reaches every gateway, and many changes at once end in one that has them all', async () => {
    const streams = await Promise.all([control.snapshots(), control.snapshots()]);
    await Promise.all(Array.from({ length: 10 }, (_, i) => create({ name: `d-${i}` })));
    const { ledger } = await control.get<{ ledger: { entries: number } }>('GET', '/api/status', { as });
    for (const stream of streams) {
      let latest = await snapshot(stream);
      while (latest.version < ledger.entries) latest = await snapshot(stream);
      assert.equal(latest.routes.filter((route) => route.projectId === as.projectId).length, 10);
      stream.close();
    }
  });

  test('a gateway that left holds nobody up', async () => {
    (await control.snapshots()).close();
    await create();
  });
});

describe('the state of a deployment', () => {
  const isolation = { tier: 'launcher', claim: 'verifier_derived', findings: [] };
  test('is what the gateway reported last, and goes with the deployment', async () => {
    const { id } = await create();
    const report = { deploymentId: id, state: 'ready', failure: null, isolation, restarts: 0 };
    await control.get('POST', '/internal/worker-reports', { body: { reports: [report] } });
    const shown = await control.get('GET', '/api/deployments/chat', { as });
    assert.deepEqual([shown['state'], shown['isolation']], ['ready', isolation]);
    await control.get('POST', '/internal/worker-reports', { body: { reports: [{ ...report, state: 'failed', failure: 'memory_insufficient', isolation: null }] } });
    assert.equal((await control.get('GET', '/api/deployments/chat', { as }))['failure'], 'memory_insufficient');
    await control.get('DELETE', '/api/deployments/chat', { as });
    await control.get('POST', '/internal/worker-reports', { body: { reports: [report] } });
    assert.equal(control.context.states.of(String(id)).state, 'starting');
  });
});
