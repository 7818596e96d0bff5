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

let installation: Installation;
let audit: Audited;
const all = Object.values(operations) as Operation[];

before(async () => {
  installation = await Installation.start();
  await deploy(installation, await ensureModel(installation, 'smollm2-135m-instruct'), 'chat', '--context', '1024');
  await deploy(installation, await ensureModel(installation, 'all-minilm-l6-v2'), 'vectors');
  audit = await audited(installation);
}, { timeout: 300_000 });
after(() => installation?.remove());

test('it passes, within five minutes', (t) => {
  t.diagnostic(`${audit.cells} cells in ${audit.durationS} s`);
  assert.deepEqual({ code: audit.code, passed: audit.passed, hits: audit.hits, positiveControlFound: audit.positiveControlFound, leaks: audit.report.leaks }, { code: 0, passed: true, hits: 0, positiveControlFound: true, leaks: [] });
  assert.ok(audit.cells > 1000 && audit.durationS < 300);
});

test('every operation of the contract was planted; those with content in full, by the worker and by an external engine, streamed where they stream', () => {
  const { cells } = audit.report;
  assert.deepEqual(all.filter(({ id }) => !cells.some(({ operation }) => operation === id)).map(({ id }) => id), []);
  for (const { id, event } of all.filter(carriesContent)) {
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

test('passwords were typed in full: where one signs in, and where one sets it', () => {
  const seen = (operation: string, field: string, statuses: number[]): boolean => audit.report.cells.some((cell) => cell.operation === operation && cell.field === `request ${field}` && cell.mark === 'secret' && cell.outcome === 'complete' && statuses.includes(cell.status ?? 0));
  assert.ok(seen('changePassword', 'password', [200]) && seen('signIn', '(password).password', [401, 429]) && seen('signIn', '(link).code', [401]));
});

test('every required place was searched, and each leak of its own found', () => {
  assert.deepEqual(audit.report.places.filter(({ required, state }) => required && state !== 'searched'), []);
  assert.ok(audit.report.positiveControl.leaks.length >= 7);
  for (const id of ['control_memory', 'database_memory', 'other_memory', 'database_dump', 'database_files']) assert.ok((audit.report.places.find((place) => place.id === id)?.bytes ?? 0) > 1_000_000, id);
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
