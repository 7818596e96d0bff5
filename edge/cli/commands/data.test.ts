/** Files, their deletion, datastores and keys, as users and scripts ask for them. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Encryption } from '#contract/http/encryption.ts';
import type { errorCodes } from '#contract/error-codes.ts';
import { FileServer, idOf, refuse, reply } from '../files/file-server-under-test.ts';

const server = new FileServer();
const time = '2026-01-02T03:04:05.000Z';
const id = idOf('fil', 1);
/** What was sent, by route. */
let bodies: Record<string, unknown> = {};
before(() => server.start());
afterEach(() => { server.clear(); bodies = {}; });
after(() => server.stop());

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const says = (body: unknown, status = 200): Answer => (request, response) => {
  let text = '';
  request.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => { if (text !== '') bodies[`${request.method ?? ''} ${request.url ?? ''}`] = JSON.parse(text); reply(response, body, status); });
};
const refuses = (code: keyof typeof errorCodes): Answer => (_request, response) => refuse(response, code);
const list = (body: object): object => ({ object: 'list', has_more: false, first_id: null, last_id: null, ...body });

describe('data', () => {
  test('is listed and shown by what is known of it; a name cannot rewrite the terminal', async () => {
    const file = { ...server.file({ bytes: 1500, rows: 1200, purpose: 'fine-tune' }), filename: 'rows\u009b2J.jsonl' };
    server.instead['GET /v1/files?purpose=fine-tune'] = [says(list({ data: [file] })), says(list({ data: [file] }))];
    const { stdout } = await server.run(['data', 'list', '--purpose', 'fine-tune']);
    assert.match(stdout.toString(), /fil_0+1 {2}fine-tune {2}1\u202f200 {2}1.5 KB {2}default {4}2023-11-14T22:13:20Z {2}rows2J.jsonl/);
    assert.deepEqual(JSON.parse((await server.run(['data', 'list', '--purpose', 'fine-tune', '--json'])).stdout.toString()), list({ data: [file] }));
    server.instead[`GET /v1/files/${id}`] = [says(file)];
    assert.match((await server.run(['data', 'show', id])).stdout.toString(), /rows +1\u202f200, each checked[\s\S]*sealed in two layers/);
  });

  const statement = JSON.stringify({
    copies: [{ copy: 'the sealed file', place: 'datastore default', outcome: 'undecryptable', before: 'opened', after: 'key_not_found' }, { copy: 'its settings', place: 'database', outcome: 'absent' }],
    kept: [{ what: 'entries of the ledger', why: 'what happened stays provable' }], outOfReach: [{ what: 'downloads', why: 'they left the installation' }],
  });
  const certificate = { format: 'modelkeep/deletion/1', project: idOf('prj', 1), key: 'k', checkpoint: 'c', entry: { opening: { salt: '', facts: { statement } } } };
  const deletes = (): void => {
    server.instead[`DELETE /v1/files/${id}`] = [says({ id, object: 'file', deleted: true })];
    server.instead[`GET /api/ledger/deletions/${id}`] = [refuses('deletion_not_found'), refuses('control_unavailable'), says(certificate)];
  };

  test('that is deleted has its certificate, as soon as it is published', async () => {
    deletes();
    assert.deepEqual(JSON.parse((await server.run(['data', 'delete', id, '--json', '--yes'])).stdout.toString()), { id, deleted: true, certificate });
    deletes();
    const file = join(server.folder, 'certificate.json');
    const { code, stdout } = await server.run(['data', 'delete', id, '--yes', '--certificate', file]);
    assert.equal(code, 0);
    assert.match(stdout.toString(), /the sealed file {2}datastore default {2}opened {2}key not found {2}undecryptable[\s\S]*downloads: they left/);
    assert.deepEqual([JSON.parse(readFileSync(file, 'utf8')), statSync(file).mode & 0o777], [certificate, 0o600]);
  });

  test('is not deleted where its certificate could not be written', async () => {
    deletes();
    for (const place of [server.folder, join(server.folder, 'none/certificate.json')]) {
      const { code, stderr } = await server.run(['data', 'delete', id, '--yes', '--certificate', place]);
      assert.deepEqual([code, stderr.includes('Nothing was deleted'), server.instead[`DELETE /v1/files/${id}`]?.length], [2, true, 1]);
    }
  });

  test('that is not there, or is not deleted, is told by the status', async () => {
    server.instead[`DELETE /v1/files/${id}`] = [refuses('file_not_found'), refuses('datastore_unreachable')];
    assert.equal((await server.run(['data', 'delete', id, '--yes'])).code, 5);
    assert.equal((await server.run(['data', 'delete', id, '--yes'])).code, 1);
  });

  test('that is there already is designated, and copied only when asked', async () => {
    const route = 'POST /api/datastores/lake/files';
    server.instead[route] = [says(server.file({ storage: 'designated' }), 201), says(server.file({}), 201)];
    assert.match((await server.run(['data', 'designate', 'lake', 'a/rows.jsonl'])).stdout.toString(), /designated where it lies/);
    assert.deepEqual(bodies[route], { path: 'a/rows.jsonl', purpose: 'fine-tune', copy: false });
    assert.equal((await server.run(['data', 'designate', 'lake', 'a/b.pdf', '--purpose', 'assistants', '--copy'])).code, 0);
    assert.deepEqual(bodies[route], { path: 'a/b.pdf', purpose: 'assistants', copy: true });
  });
});

describe('datastores', () => {
  const store = { id: idOf('dst', 1), name: 'lake', use: 'designated', geography: 'local', default: false, place: { kind: 's3', endpoint: 'https://s3.example.org', region: 'eu-1', bucket: 'training', prefix: '' }, files: 0, bytes: 0, createdAt: time, createdBy: 'anna' };
  const words = ['datastores', 'add', 'lake', '--use', 'designated', '--endpoint', 'https://s3.example.org', '--region', 'eu-1', '--bucket', 'training'];
  const credential = (text: string, mode = 0o600): string => {
    const path = join(server.folder, 'credential');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const asJson = JSON.stringify({ accessKeyId: 'AK', secretAccessKey: 'a-secret-to-find' });

  test('take their credential from a file of the user\'s own, in either form', async () => {
    for (const text of [asJson, '[default]\naws_access_key_id = AK\naws_secret_access_key = a-secret-to-find\n']) {
      server.instead['POST /api/datastores'] = [says(store, 201)];
      const { code, stdout } = await server.run([...words, '--credential-file', credential(text)]);
      assert.equal(code, 0);
      assert.deepEqual((bodies['POST /api/datastores'] as { credential: unknown }).credential, JSON.parse(asJson));
      assert.doesNotMatch(stdout.toString(), /to-find/);
    }
  });

  for (const [what, text, mode] of [['that others may read', asJson, 0o640], ['that others may write', asJson, 0o602], ['without a field', '{"accessKeyId":"to-find"}', 0o600], ['with two accounts', '[a]\nx = to-find\n[b]\ny = z', 0o600], ['with another field', '{"accessKeyId":"a","secretAccessKey":"b","more":"to-find"}', 0o600]] as const) {
    test(`a credential file ${what} is refused, unsent and unquoted`, async () => {
      const { code, stderr } = await server.run([...words, '--credential-file', credential(text, mode)]);
      assert.deepEqual([code, server.routes], [2, []]);
      assert.doesNotMatch(stderr, /to-find/);
      if (mode !== 0o600) assert.match(stderr, /chmod 600/);
    });
  }

  test('without a file and without a terminal nobody is asked', async () => assert.equal((await server.run(words)).code, 2));

  test('of a folder need none; what is wrong is told by its option', async () => {
    server.instead['POST /api/datastores'] = [says({ ...store, place: { kind: 'filesystem', path: '/srv/papers' } }, 201)];
    assert.equal((await server.run(['datastores', 'add', 'papers', '--use', 'designated', '--path', '/srv/papers'])).code, 0);
    assert.deepEqual(bodies['POST /api/datastores'], { name: 'papers', use: 'designated', place: { kind: 'filesystem', path: '/srv/papers' } });
    assert.match((await server.run([...words.slice(0, -1), 'Not A Bucket'])).stderr, /--bucket: /);
  });

  test('are listed, and removed unless they hold files', async () => {
    server.instead['GET /api/datastores'] = [says({ data: [store] })];
    assert.match((await server.run(['datastores', 'list'])).stdout.toString(), /lake {2}designated {2}local +0 +0 B +s3 https:\/\/s3.example.org\/training/);
    server.instead['DELETE /api/datastores/lake'] = [refuses('datastore_in_use')];
    assert.equal((await server.run(['datastores', 'remove', 'lake', '--yes'])).code, 6);
  });
});

describe('encryption', () => {
  const encryption = (over: Partial<Encryption> = {}): Encryption => ({
    project: 'default', platformKey: { version: 3, since: time, dataKeys: 12 }, customerLayer: { by: 'platform', version: '1', dataKeys: 12 }, customerKey: null, rotation: null, ...over,
  });
  const own: Partial<Encryption> = {
    customerLayer: { by: 'customer', version: '7', dataKeys: 1 },
    customerKey: { settings: { provider: 'vault', address: 'https://vault.example.org', mount: 'transit', key: 'mine' }, state: 'denied', kid: 'mine:7', checkedAt: null, since: time, onDenied: 'stop', developmentOnly: false },
  };

  test('is a tree of keys: whose they are, and what state they are in', async () => {
    server.instead['GET /api/encryption'] = [says(encryption()), says(encryption(own))];
    assert.match((await server.run(['encryption', 'show'])).stdout.toString(), /├─ platform key {2}version 3[\s\S]*wraps 12 data keys of the platform layer\n└─ second platform key[\s\S]*wraps 12 data keys/);
    assert.match((await server.run(['encryption', 'show'])).stdout.toString(), /└─ customer-managed key {2}vault https:\/\/vault.example.org transit\/mine {2}denied by its provider[\s\S]*deployments stop\n {3}└─ wraps 1 data key /);
  });

  test('takes the settings of each provider, and its credential from a file alone', async () => {
    const file = join(server.folder, 'token');
    writeFileSync(file, 'hvs.secret\n', { mode: 0o600 });
    const route = 'POST /api/encryption/customer-key';
    const cases: [string[], object, object][] = [
      [['--provider', 'vault', '--address', 'https://vault.example.org', '--key', 'mine'], { provider: 'vault', address: 'https://vault.example.org', mount: 'transit', key: 'mine' }, { token: 'hvs.secret' }],
      [['--provider', 'pkcs11', '--library', '/usr/lib/softhsm.so', '--token-label', 'hsm', '--key', 'mine'], { provider: 'pkcs11', library: '/usr/lib/softhsm.so', token: 'hsm', key: 'mine' }, { pin: 'hvs.secret' }],
      [['--provider', 'azure-key-vault', '--vault', 'https://v.example.org', '--key', 'mine', '--tenant', 't', '--client-id', 'c'], { provider: 'azure-key-vault', vault: 'https://v.example.org', key: 'mine', tenant: 't', clientId: 'c' }, { clientSecret: 'hvs.secret' }],
    ];
    for (const [words, settings, credential] of cases) {
      server.instead[route] = [says(encryption({ ...own, rotation: { done: 0, of: 2 } }))];
      server.instead['GET /api/encryption'] = [says(encryption({ ...own, rotation: { done: 1, of: 2 } })), says(encryption(own))];
      const { code, stdout } = await server.run(['encryption', 'set', ...words, '--credential-file', file, '--on-denied', 'stop', '--json']);
      assert.deepEqual([code, (JSON.parse(stdout.toString()) as Encryption).rotation, bodies[route]], [0, null, { settings, onDenied: 'stop', credential }]);
    }
    assert.match((await server.run(['encryption', 'set', '--provider', 'vault', '--key', 'mine', '--credential-file', file])).stderr, /--address is needed/);
    assert.match((await server.run(['encryption', 'set', '--provider', 'azure-key-vault', '--vault', 'nowhere', '--key', 'k', '--tenant', 't', '--client-id', 'c', '--credential-file', file])).stderr, /--vault: /);
  });

  test('a key that is refused was only tried: the one in use goes on, and nothing else is said', async () => {
    for (const [refusal, says] of [['customer_key_denied', /no such key, the credential is wrong/], ['customer_key_misconfigured', /settings or the credential/], ['customer_key_unreachable', /There is no such file/]] as const) {
      server.instead['POST /api/encryption/customer-key'] = [refuses(refusal)];
      const { code, stderr } = await server.run(['encryption', 'set', '--provider', 'file', '--path', '/there/is/none']);
      assert.match(stderr, says);
      assert.deepEqual([code, stderr.includes('Nothing was changed')], [refusal === 'customer_key_denied' ? 4 : 1, true]);
    }
  });

  test('is rotated, disabled, enabled, and given back to the platform', async () => {
    const steps: [string[], string][] = [[['rotate', '--layer', 'customer', '--no-wait'], 'POST /api/encryption/rotate'], [['disable', '--yes'], 'POST /api/encryption/disable'], [['enable'], 'POST /api/encryption/enable'], [['remove', '--yes'], 'DELETE /api/encryption/customer-key']];
    for (const [words, route] of steps) {
      server.instead[route] = [says(encryption(own))];
      assert.equal((await server.run(['encryption', ...words])).code, 0, route);
    }
    assert.deepEqual(bodies, { 'POST /api/encryption/rotate': { layer: 'customer' }, 'POST /api/encryption/disable': {}, 'POST /api/encryption/enable': {} });
    server.instead['POST /api/encryption/disable'] = [refuses('customer_key_not_set')];
    assert.equal((await server.run(['encryption', 'disable', '--yes'])).code, 5);
  });
});
