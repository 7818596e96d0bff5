/** P20: `modelkeep audit` on a running installation with real models: everything is planted, everything is searched, nothing is found but what the audit hid itself. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { Installation } from '../installation.ts';
import { deploy, ensureModel } from '../models.ts';
import { audited } from './run.ts';
import type { Audited } from './run.ts';

/** Files below the folder of sealed bytes. */
const sealedObjects = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);

let installation: Installation;
let audit: Audited;
const all = Object.values(operations) as Operation[];

before(async () => {
  installation = await Installation.start();
  await deploy(installation, await ensureModel(installation, 'smollm2-135m-instruct'), 'chat', '--context', '1024');
  await deploy(installation, await ensureModel(installation, 'all-minilm-l6-v2'), 'vectors');
  audit = await audited(installation);
}, { timeout: 900_000 });
after(() => installation?.remove());

test('it passes', (t) => {
  t.diagnostic(`${audit.cells} cells in ${audit.durationS} s`);
  assert.deepEqual({ code: audit.code, passed: audit.passed, hits: audit.hits, positiveControlFound: audit.positiveControlFound, leaks: audit.report.leaks }, { code: 0, passed: true, hits: 0, positiveControlFound: true, leaks: [] });
  assert.deepEqual(audit.report.planted.uncovered, []);
  assert.ok(audit.cells > 2000);
});

test('every operation of the contract was planted; those with content in full, by the worker and by an external engine, streamed where they stream', () => {
  const { cells } = audit.report;
  assert.deepEqual(all.filter(({ id }) => !cells.some(({ operation }) => operation === id)).map(({ id }) => id), []);
  for (const { id, event } of all.filter((operation) => carriesContent(operation) && operation.access === 'inference')) {
    for (const engine of ['worker', 'external']) {
      for (const stream of event ? [false, true] : [false]) {
        assert.ok(cells.some((cell) => cell.operation === id && cell.engine === engine && cell.stream === stream && cell.outcome === 'complete' && cell.status === 200 && cell.mark === 'content'), `${id} ${engine} ${stream}`);
      }
    }
  }
});

test('every field of a request that can carry text was planted, and each way for a request to end was seen', () => {
  const { cells } = audit.report;
  for (const field of ['messages[](user).content(1)', 'messages[](assistant).tool_calls[].function.arguments', 'metadata{name}', 'user', 'tools[].function.description', 'stop(2)[]']) {
    assert.ok(cells.some((cell) => cell.operation === 'createChatCompletion' && cell.field === `request ${field}` && cell.outcome === 'complete' && cell.status === 200), field);
  }
  for (const status of [200, 201, 400, 401, 404, 409, 413, 415, 502, null]) assert.ok(cells.some((cell) => cell.status === status), String(status));
});

test('files were planted as they are accepted, refused and cut off, and then read, deleted and completed; an operator was not given one', () => {
  const seen = (operation: string, field: string, outcome: string): (number | null)[] => audit.report.cells.filter((cell) => cell.operation === operation && cell.field === field && cell.outcome === outcome && cell.mark === 'content').map(({ status }) => status);
  for (const [operation, field] of [['createFile', 'request file'], ['addUploadPart', 'request data']] as const) {
    assert.deepEqual([seen(operation, field, 'complete'), seen(operation, field, 'broken_form'), seen(operation, field, 'cut_off')], [[200], [400], [null]]);
    assert.ok(seen(operation, field, 'too_large').every((status) => status === 413));
  }
  for (const purpose of ['fine-tune', 'batch', 'evals']) assert.deepEqual([seen('createFile', `request file (${purpose})`, 'complete'), seen('createFile', `request file (${purpose})`, 'refused_by_rows')], [[200], [400]]);
  assert.deepEqual([seen('fileContent', 'answer', 'complete'), seen('fileContent', 'answer, a part', 'complete'), seen('fileContent', 'answer to the operator', 'refused_by_role')], [[200], [206], [403]]);
  assert.deepEqual([seen('deleteFile', 'content of the file', 'deleted'), seen('completeUpload', 'content of the parts', 'complete'), seen('cancelUpload', 'content of a part', 'cancelled'), seen('deleteProject', 'content of its files', 'deleted')], [[200], [200], [200], [200]]);
});

test('credentials of customers were in use: of a key, with files under it, and of a datastore, with data in it', () => {
  const seen = (operation: string, field: string, outcome = 'complete'): (number | null)[] => audit.report.cells.filter((cell) => cell.operation === operation && cell.field === field && cell.outcome === outcome).map(({ status }) => status);
  assert.ok(seen('setCustomerKey', 'request credential.token').includes(200) && seen('setCustomerKey', 'request credential.token').includes(403));
  assert.deepEqual([seen('createFile', 'request file under a customer-managed key'), seen('createFile', 'request file under a new version of it'), seen('createFile', 'request file', 'refused_by_key')], [[200], [200], [403]]);
  assert.ok(seen('createDatastore', 'request credential.secretAccessKey').includes(201));
  assert.deepEqual([seen('designateFile', 'content of the file'), seen('designateFile', 'content of the file, copied')], [[201], [201]]);
});

test('passwords were typed in full: where one signs in, and where one sets it', () => {
  const seen = (operation: string, field: string, statuses: number[]): boolean => audit.report.cells.some((cell) => cell.operation === operation && cell.field === `request ${field}` && cell.mark === 'secret' && cell.outcome === 'complete' && statuses.includes(cell.status ?? 0));
  assert.ok(seen('changePassword', 'password', [200]) && seen('signIn', '(password).password', [401, 429]) && seen('signIn', '(link).code', [401]));
});

test('every required place was searched, and each leak of its own found', () => {
  assert.deepEqual(audit.report.places.filter(({ required, state }) => required && state !== 'searched'), []);
  for (const sink of ['data_folder/audits/', 'data_folder/objects/', 'database_dumpaudit_positive_control', 'database_files/base/', 'database_files/pg_wal/', 'environments', 'other_memory']) assert.ok(audit.report.positiveControl.leaks.some((leak) => leak.sink === sink && leak.found), sink);
  for (const id of ['control_memory', 'custody_memory', 'database_memory', 'other_memory', 'database_dump', 'database_files']) assert.ok((audit.report.places.find((place) => place.id === id)?.bytes ?? 0) > 1_000_000, id);
});

test('the report is in the data folder, for its owner only, and says what it cannot prove', () => {
  assert.ok(audit.path.startsWith(join(installation.data, 'audits')));
  assert.equal(statSync(audit.path).mode & 0o077, 0);
  assert.match(audit.page, /What this does not prove/);
  assert.ok(audit.report.cannotProve.length >= 5);
});

test('nothing of it is left but its project', async () => {
  const left = await installation.json<{ data: { revokedAt: string | null }[] }>('--project', 'modelkeep-audit', 'tokens', 'list');
  assert.deepEqual(left.data.filter(({ revokedAt }) => revokedAt === null), []);
  assert.deepEqual((await installation.json<{ data: object[] }>('--project', 'modelkeep-audit', 'deployments', 'list')).data, []);
  assert.deepEqual((await installation.json<{ data: object[] }>('engines', 'list')).data, []);
  assert.deepEqual((await installation.json<{ data: { default: boolean }[] }>('--project', 'modelkeep-audit', 'datastores', 'list')).data.filter((datastore) => !datastore.default), []);
  assert.deepEqual((await installation.json<{ data: { name: string }[] }>('projects', 'list')).data.map(({ name }) => name).sort(), ['default', 'modelkeep-audit']);
  assert.deepEqual(sealedObjects(join(installation.data, 'objects')), []);
  assert.deepEqual((await installation.json<{ data: object[] }>('people', 'list', '--everywhere')).data, []);
  assert.deepEqual(readdirSync(join(installation.data, 'audits')).filter((name) => name.endsWith('.tmp')), []);
  assert.equal((await installation.json<{ data: { name: string; state: string }[] }>('deployments', 'list')).data.filter(({ state }) => state === 'ready').length, 2);
});

test('without an installation it says so', { timeout: 120_000 }, async () => {
  await installation.stop();
  const refused = await installation.cli('audit', '--json', '-o', join(installation.data, 'later'));
  assert.equal(refused.code, 3);
  assert.ok(!existsSync(join(installation.data, 'later')));
});
