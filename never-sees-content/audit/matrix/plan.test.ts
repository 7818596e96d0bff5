import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { content, pub } from '#contract/marks.ts';
import { carriesContent, operation as declare } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { makeCanary } from '../canary.ts';
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

test('what nothing takes back is made by no request', () => {
  const irreversible = all.filter(isIrreversible);
  assert.deepEqual(irreversible.map(({ id }) => id).sort(), ['createProject', 'importModel', 'startAudit', 'startPull']);
  for (const operation of irreversible.filter(({ path }) => !path.includes('{'))) {
    for (const { field, outcome, send } of plan(operation, ground)) {
      const { body = '', credential } = send(makeCanary());
      const refused = credential !== 'own' || outcome !== 'complete' || (JSON.parse(body) as { name?: string }).name === 'theirs';
      assert.ok(refused, `${operation.id} ${field}`);
    }
  }
  assert.deepEqual(notPlanted(operations.createProject, ground), ['request name']);
  assert.ok(notPlanted(operations.importModel, { ...ground, taken: false }).length > 10);
});

test('what makes something has an operation that takes it back', () => {
  assert.equal(inverseOf(operations.createDeployment)?.id, 'deleteDeployment');
  assert.equal(inverseOf(operations.addEngine)?.id, 'removeEngine');
  assert.equal(inverseOf(operations.createToken)?.id, 'revokeToken');
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
