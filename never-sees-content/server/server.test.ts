import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { errorCodes } from '#contract/error-codes.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { declaredModels } from '../catalog/load-declared-models.ts';
import { identifier } from '../identity/identifier.ts';
import { checkChain } from '../ledger/check-chain.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import { ControlUnderTest, localUser } from './control-under-test.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
});
after(async () => { await control.stop(); await database.stop(); });

const model = 'smollm2-135m-instruct';
const tokenOf = (projectId: string): Principal => ({ kind: 'project_token', id: identifier('tok'), projectId, deploymentId: null });
async function newProject(name: string): Promise<{ id: string; token: Principal; administrator: Principal }> {
  const { id } = await control.get<{ id: string }>('POST', '/api/projects', { body: { name } });
  return { id, token: tokenOf(id), administrator: { ...localUser, projectId: id } };
}

describe('what is asked wrongly is refused by its code', () => {
  const cases: [path: string, method: 'GET' | 'POST' | 'DELETE', body: unknown, refusal: string][] = [
    ['/api/nothing', 'GET', undefined, '404 not_found'],
    ['/v1/chat/completions', 'POST', {}, '404 not_found'],
    ['/api/status', 'DELETE', undefined, '405 method_not_allowed'],
    ['/api/deployments/none', 'GET', undefined, '404 deployment_not_found deployment'],
    ['/api/deployments/a%2Fb', 'GET', undefined, '404 not_found deployment'],
    ['/api/deployments/%ff', 'GET', undefined, '404 not_found'],
    ['/api/projects', 'POST', Buffer.from('{"name":'), '400 invalid_json'],
    ['/api/projects', 'POST', Buffer.from([0x22, 0xff, 0x22]), '400 invalid_json'],
    ['/api/projects', 'POST', [], '400 invalid_request'],
    ['/api/projects', 'POST', { name: 'No Capitals' }, '400 invalid_request name'],
    ['/api/projects', 'POST', { name: 'a', colour: 'red' }, '400 unknown_parameter colour'],
    ['/api/projects', 'POST', { name: 'default' }, '409 name_taken name'],
    ['/api/projects', 'POST', Buffer.alloc((1 << 20) + 1, 0x20), '413 body_too_large'],
    ['/api/usage?by=minute', 'GET', undefined, '400 invalid_request by'],
    ['/api/usage?of=me', 'GET', undefined, '400 unknown_parameter of'],
    ['/api/tokens/none', 'DELETE', undefined, '404 token_not_found token'],
    ['/api/engines/none', 'GET', undefined, '404 engine_not_found engine'],
    ['/api/engines/none', 'DELETE', undefined, '404 engine_not_found engine'],
    ['/internal/nothing', 'GET', undefined, '404 not_found'],
    ['/internal/usage', 'POST', { records: [{ prompt: 'hello' }] }, '400 invalid_request'],
  ];
  for (const [path, method, body, refusal] of cases) test(`${method} ${path} ${Buffer.isBuffer(body) ? body.length : JSON.stringify(body) ?? ''}: ${refusal}`, async () => assert.equal(await control.refusal(method, path, { body }), refusal));

  test('the refusal carries type, message and request id, and nothing that was sent', async () => {
    const { body, headers } = await control.ask('POST', '/api/projects', { body: { name: 'Sent By A Person' } });
    assert.deepEqual(body, { error: { message: errorCodes.invalid_request.message, type: 'invalid_request_error', param: 'name', code: 'invalid_request' } });
    assert.match(String(headers['x-request-id']), /^req_/);
  });

  test('a failure without a code of its own is internal_error', async () => {
    await database.statement('alter table projects rename column created_by to elsewhere');
    try {
      assert.equal(await control.refusal('POST', '/api/projects', { body: { name: 'broken' } }), '500 internal_error');
      assert.equal(await control.refusal('GET', '/api/projects'), '500 internal_error', 'an answer that is not the contract’s');
    } finally { await database.statement('alter table projects rename column elsewhere to created_by'); }
  });
});

describe('who may do what', () => {
  const endpointKey = (projectId: string): Principal => ({ kind: 'endpoint_key', id: identifier('key'), projectId, deploymentId: identifier('dep') });
  const served = (Object.values(operations) as Operation[]).filter((operation) => operation.servedBy === 'control' && operation.access !== 'none');
  const pathOf = (operation: Operation): string => operation.path.replaceAll(/\{(\w+)\}/g, (_all, name) => (name === 'slot' ? 'primary' : name === 'pull' ? identifier('pul') : 'none'));

  test('nobody without a principal', async () => {
    for (const operation of served) assert.equal(await control.refusal(operation.method, pathOf(operation), { as: null, body: operation.request ? {} : undefined }), '401 missing_api_key', operation.id);
  });
  test('an endpoint key manages nothing', async () => {
    const { id } = await newProject('keyed');
    for (const operation of served) assert.equal(await control.refusal(operation.method, pathOf(operation), { as: endpointKey(id), body: operation.request ? {} : undefined }), '403 permission_denied', operation.id);
  });
  test('a project token does nothing that is an administrator’s', async () => {
    const { token } = await newProject('tokened');
    for (const operation of served) {
      const refusal = await control.refusal(operation.method, pathOf(operation), { as: token, body: operation.request ? {} : undefined });
      assert.equal(refusal === '403 permission_denied', operation.access === 'administrator' || operation.access === 'people', `${operation.id}: ${refusal}`);
    }
  });
  test('a principal of a project that does not exist gets nowhere', async () => {
    assert.equal(await control.refusal('GET', '/api/deployments', { as: tokenOf(identifier('prj')) }), '404 project_not_found');
  });
});

describe('projects are apart', () => {
  test('a token sees, changes and counts what is its project’s, and nothing else', async () => {
    const [ours, theirs] = [await newProject('ours'), await newProject('theirs')];
    await control.pretendPulled(model);
    const { id } = await control.get<{ id: string }>('POST', '/api/deployments', { as: theirs.token, body: { name: 'secret-plan', model, kind: 'serverless' } });
    await control.get('POST', '/api/tokens', { as: theirs.token, body: { name: 'robot' } });
    const record = { requestId: `req_${identifier('key').slice(4)}`, projectId: theirs.id, deploymentId: id, modelDigest: `sha256:${'0'.repeat(64)}`, region: 'north', operation: 'completion', outcome: 'complete', at: 1, promptTokens: 7, cachedTokens: 0, outputTokens: 7 };
    await control.get('POST', '/internal/usage', { body: { records: [record] } });

    for (const path of ['/api/deployments', '/api/tokens', '/api/usage', '/api/status']) {
      const text = JSON.stringify(await control.get('GET', path, { as: ours.token }));
      for (const theirsAlone of ['secret-plan', 'robot', theirs.id, 'theirs', id]) assert.ok(!text.includes(theirsAlone), `${path} shows ${theirsAlone}`);
    }
    assert.deepEqual((await control.get<{ counts: object }>('GET', '/api/status', { as: ours.token })).counts, { models: declaredModels().size, pulled: 1, deployments: 0, engines: 0 });
    for (const [method, path, code] of [
      ['GET', '/api/deployments/secret-plan', 'deployment_not_found deployment'], ['DELETE', '/api/deployments/secret-plan', 'deployment_not_found deployment'],
      ['GET', '/api/deployments/secret-plan/keys', 'deployment_not_found deployment'], ['POST', '/api/deployments/secret-plan/keys/primary/regenerate', 'deployment_not_found deployment'],
      ['DELETE', '/api/tokens/robot', 'token_not_found token'],
    ] as const) assert.equal(await control.refusal(method, path, { as: ours.token }), `404 ${code}`);
    // The same name is free in the other project.
    await control.get('POST', '/api/deployments', { as: ours.token, body: { name: 'secret-plan', model, kind: 'serverless' } });
    await control.get('POST', '/api/tokens', { as: ours.token, body: { name: 'robot' } });
  });
});

describe('tokens', () => {
  test('are shown once, are listed without their value, and end at once and for good', async () => {
    const { token: as } = await newProject('tokens');
    const made = await control.get<{ id: string; token: string; hint: string; expiresAt: string }>('POST', '/api/tokens', { as, body: { name: 'ci', expiresInDays: 2 } });
    assert.match(made.token, /^mk-pt-[\w-]{43}$/);
    assert.ok(made.token.startsWith(made.hint.replace(/\W+$/, '')) && made.hint.length < 20);
    assert.ok(Math.abs(Date.parse(made.expiresAt) - Date.now() - 2 * 86_400_000) < 60_000);
    assert.equal(await control.refusal('POST', '/api/tokens', { as, body: { name: 'ci' } }), '409 name_taken name');
    assert.ok(!JSON.stringify(await control.get('GET', '/api/tokens', { as })).includes(made.token.slice(12)));

    const credentialIds = async (): Promise<string[]> => {
      const stream = await control.snapshots();
      const { credentials } = (await stream.next()) as { credentials: { id: string }[] };
      stream.close();
      return credentials.map((credential) => credential.id);
    };
    assert.ok((await credentialIds()).includes(made.id));
    const revoked = await control.get<{ revokedAt: string }>('DELETE', '/api/tokens/ci', { as });
    assert.deepEqual(await control.get('DELETE', `/api/tokens/${made.id}`, { as }), revoked, 'revoking again changes nothing');
    assert.ok(!(await credentialIds()).includes(made.id));
    const again = await control.get<{ id: string }>('POST', '/api/tokens', { as, body: { name: 'ci' } });
    assert.equal((await control.get<{ id: string }>('DELETE', '/api/tokens/ci', { as })).id, again.id, 'a name means the token that has it now');
  });
});

describe('engines', () => {
  const engine = { name: 'hall', url: 'https://engines.example.org/v1/', model };
  test('are added, shown and removed, and only while no deployment uses them', async () => {
    const { token: as } = await newProject('engines');
    const added = await control.get('POST', '/api/engines', { body: { ...engine, dialect: 'vllm', caFile: '/etc/hall/ca.pem' } });
    assert.equal(added['url'], 'https://engines.example.org/v1');
    assert.deepEqual(await control.get('GET', '/api/engines/hall', { as }), added);
    assert.deepEqual(await control.get('GET', '/api/engines', { as }), { data: [added] });
    assert.equal(await control.refusal('POST', '/api/engines', { body: engine }), '409 name_taken name');
    await control.get('POST', '/api/deployments', { as, body: { name: 'far', model, kind: 'serverless', engine: 'hall' } });
    assert.equal(await control.refusal('DELETE', '/api/engines/hall'), '409 engine_in_use engine');
    await control.get('DELETE', '/api/deployments/far', { as });
    assert.deepEqual(await control.get('DELETE', '/api/engines/hall'), { id: added['id'], deleted: true });
  });

  for (const [name, body, param] of [
    ['a credential in the URL', { ...engine, url: 'https://user:secret@engines.example.org/v1' }, 'url'],
    ['a query in the URL', { ...engine, url: 'https://engines.example.org/v1?key=secret' }, 'url'],
    ['another scheme', { ...engine, url: 'file:///etc/passwd' }, 'url'],
    ['TLS files at plain HTTP', { ...engine, url: 'http://engines.example.org/v1', caFile: '/ca.pem' }, 'caFile'],
    ['a client certificate without its key', { ...engine, clientCertificateFile: '/c.pem' }, 'clientKeyFile'],
    ['a relative path', { ...engine, credentialFile: 'token' }, 'credentialFile'],
  ] as const) test(`${name} is refused`, async () => assert.equal(await control.refusal('POST', '/api/engines', { body }), `400 invalid_request ${param}`));
  test('a model that the catalog does not have is refused', async () => assert.equal(await control.refusal('POST', '/api/engines', { body: { ...engine, model: 'none' } }), '404 model_not_found model'));
});

describe('what remains', () => {
  test('every change has its entry, by who made it, and the chain is whole', async () => {
    const { id, administrator: as } = await newProject('recorded');
    const from = Number((await database.statement('select seq from ledger_head'))[0]?.['seq']);
    const { id: deployment } = await control.get<{ id: string }>('POST', '/api/deployments', { as, body: { name: 'one', model, kind: 'serverless' } });
    const key = await control.get<{ id: string }>('POST', '/api/deployments/one/keys/primary/regenerate', { as });
    const token = await control.get<{ id: string }>('POST', '/api/tokens', { as, body: { name: 'two' } });
    await control.get('DELETE', '/api/tokens/two', { as });
    await control.get('DELETE', '/api/tokens/two', { as });
    const engine = await control.get<{ id: string }>('POST', '/api/engines', { as, body: { name: 'three', url: 'http://127.0.0.1:9/v1', model } });
    await control.get('DELETE', '/api/engines/three', { as });
    await control.get('DELETE', '/api/deployments/one', { as });
    await control.refusal('DELETE', '/api/deployments/one', { as });
    await control.refusal('POST', '/api/projects', { as, body: { name: 'recorded' } });
    const entries = await database.statement('select kind, object, project_id, actor_kind, actor_id from ledger_entries where seq > $1 order by seq', [from]);
    assert.deepEqual(entries.map(({ kind, object }) => `${String(kind)} ${String(object)}`), [
      `deployment.created ${deployment}`, `key.regenerated ${key.id}`, `token.created ${token.id}`, `token.revoked ${token.id}`,
      `engine.added ${engine.id}`, `engine.removed ${engine.id}`, `deployment.deleted ${deployment}`,
    ]);
    for (const entry of entries) assert.deepEqual([entry['actor_kind'], entry['actor_id']], ['local_user', 'local']);
    assert.deepEqual(entries.map((entry) => entry['project_id']), [id, id, id, id, null, null, id]);
    assert.equal((await database.storage.read(checkChain)).ok, true);
  });

  test('no credential is in any table, only its keyed hash', async () => {
    const { token: as } = await newProject('shown-once');
    const { primaryKey, secondaryKey } = await control.get<{ primaryKey: string; secondaryKey: string }>('POST', '/api/deployments', { as, body: { name: 'keys', model, kind: 'serverless' } });
    const { key } = await control.get<{ key: string }>('POST', '/api/deployments/keys/keys/secondary/regenerate', { as });
    const { token } = await control.get<{ token: string }>('POST', '/api/tokens', { as, body: { name: 'one' } });
    const everything = await database.everything();
    for (const credential of [primaryKey, secondaryKey, key, token, control.administratorCredential ?? '']) {
      assert.match(credential, /^mk-(ek|pt|ad)-[\w-]{43}$/);
      assert.ok(!everything.includes(credential.slice(6)) && !everything.includes(credential.slice(20)), credential.slice(0, 6));
    }
    assert.ok(everything.includes('shown-once'), 'the search itself finds what is there');
  });

  test('the first administrator and the project default are made once, and recorded', async () => {
    const kinds = await database.statement("select kind from ledger_entries where seq <= 3 order by seq");
    assert.deepEqual(kinds.map(({ kind }) => kind), ['installation.created', 'project.created', 'administrator.created']);
    assert.match(control.administratorCredential ?? '', /^mk-ad-/);
  });
});
