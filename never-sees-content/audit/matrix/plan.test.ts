import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { content, pub } from '#contract/marks.ts';
import { carriesContent, operation as declare } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { makeCanary } from '../canary.ts';
import { fileField } from './form.ts';
import { placements } from './placements.ts';
import { inverseOf, isIrreversible, notPlanted, plan } from './plan.ts';
import type { Ground } from './plan.ts';
import type { Planned } from './planned.ts';
import { absent } from './send.ts';

const all = Object.values(operations) as Operation[];
const ground: Ground = { params: {}, query: {}, request: { name: 'theirs', version: '1', model: 'theirs' }, fresh: () => ({}), taken: true, tooLarge: 1000 };
const outcomes = (planned: Planned[]): string[] => [...new Set(planned.map(({ outcome, stream }) => `${outcome}${stream ? ' streamed' : ''}`))].sort();

for (const operation of all) {
  test(`${operation.id}: each canary stands in its own request`, () => {
    for (const { field, send } of plan(operation, ground)) {
      const canary = makeCanary();
      const { path, headers, body = '', credential } = send(canary);
      assert.ok([decodeURIComponent(path), JSON.stringify(headers), body, JSON.stringify(credential)].some((part) => part.includes(canary)), field);
      assert.ok(!body.includes('mkcanary', body.indexOf(canary) + canary.length) || body.split(canary).length > 2, field);
    }
  });
}

test('every field that takes text is planted as it is allowed in every operation, or said not to be', () => {
  for (const operation of all) {
    const found = plan(operation, ground);
    const left = new Set(notPlanted(operation, ground));
    assert.ok(found.length > 10, operation.id);
    for (const section of ['params', 'query', 'request'] as const) {
      for (const { path, valid } of operation[section] ? placements(operation[section]) : []) {
        const field = `${section} ${path}`;
        assert.ok(!valid || left.has(field) || found.some((each) => each.field === field && each.outcome === 'complete'), `${operation.id} ${field}`);
      }
    }
  }
});

test('a form is planted in its file, whole, broken off, cut off and too large, in the name of that, and in fields that are unknown or too long', () => {
  for (const operation of all.filter(({ requestMedia }) => requestMedia !== undefined)) {
    const found = plan(operation, { ...ground, request: { purpose: 'user_data' } });
    const file = `request ${fileField(operation) ?? ''}`;
    assert.deepEqual(outcomes(found.filter(({ field }) => field === file)), ['broken_form', 'complete', 'cut_off', 'refused_by_authentication', 'too_large']);
    assert.ok(found.some(({ field, outcome }) => field === 'request name of the file' && outcome === 'complete'));
    const { body = '', headers } = found.find(({ field, outcome }) => field === file && outcome === 'complete')?.send('canary') ?? {};
    assert.match(headers?.['content-type'] ?? '', /^multipart\/form-data; boundary=/);
    assert.match(body, /filename="audit.txt"\r\n.*\r\n\r\ncanary\r\n--.*--\r\n$/s);
  }
});

test('what nothing takes back is made by no request', () => {
  const irreversible = all.filter(isIrreversible);
  assert.deepEqual(irreversible.map(({ id }) => id).sort(), ['importModel', 'startAudit', 'startPull']);
  for (const operation of irreversible.filter(({ path }) => !path.includes('{'))) {
    for (const { field, outcome, send } of plan(operation, ground)) {
      const { body = '', credential } = send(makeCanary());
      const refused = credential !== 'own' || outcome !== 'complete' || (JSON.parse(body) as { name?: string }).name === 'theirs';
      assert.ok(refused, `${operation.id} ${field}`);
    }
  }
  assert.ok(notPlanted(operations.importModel, ground).includes('request name'));
  assert.ok(notPlanted(operations.importModel, { ...ground, taken: false }).length > 10);
});

test('what makes something has an operation that takes it back', () => {
  assert.equal(inverseOf(operations.createDeployment)?.id, 'deleteDeployment');
  assert.equal(inverseOf(operations.addEngine)?.id, 'removeEngine');
  assert.equal(inverseOf(operations.createToken)?.id, 'revokeToken');
  assert.equal(inverseOf(operations.createProject)?.id, 'deleteProject');
  assert.equal(inverseOf(operations.createDatastore)?.id, 'deleteDatastore');
  assert.equal(inverseOf(operations.designateFile)?.id, 'deleteFile');
});

test('a request that takes something away names a canary, or nothing that is there', () => {
  for (const operation of all.filter(({ method, path }) => method === 'DELETE' && path.includes('{'))) {
    const nothing = Object.fromEntries(Object.keys(operation.params?.shape ?? {}).map((name) => [name, absent]));
    for (const { send } of plan(operation, { ...ground, params: nothing })) assert.ok(['canary', absent, '0'.repeat(26)].some((name) => decodeURIComponent(send('canary').path).includes(name)), send('canary').path);
  }
});

test('an operation that nobody thought of is planted in every field and outcome', () => {
  const operation = declare({
    id: 'createSpeech', summary: '', tag: '', method: 'POST', path: '/v1/speech', access: 'inference', servedBy: 'gateway', errors: [],
    request: z.strictObject({ input: content(z.string()), voice: pub(z.enum(['low', 'high'])) }), response: z.object({}), event: z.object({}),
  });
  const planned = plan(operation, ground);
  assert.ok(carriesContent(operation));
  assert.deepEqual(outcomes(planned.filter(({ field }) => field === 'request input')), ['aborted streamed', 'complete', 'complete streamed', 'refused_by_authentication', 'refused_by_validation']);
  assert.deepEqual(outcomes(planned.filter(({ field }) => field === 'request voice')), ['refused_by_validation']);
});
