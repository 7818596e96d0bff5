import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeployment } from '#contract/http/deployments.ts';
import { typed, usualLimits } from '../../deployments/limits.ts';
import { bodyOf, commandOf, problemOfContext } from './choice.ts';
import type { Choice, Model } from './choice.ts';

const model = { name: 'smollm2-135m-instruct', contextLength: 8192, pull: 'pulled' } as Model;
const choice: Choice = { model, version: undefined, name: 'demo', engine: null, isolation: 'required', context: '', limits: typed(usualLimits) };

test('what is sent is what the contract takes, and no more than what was chosen', () => {
  const chosen: [Choice, object][] = [
    [choice, { isolation: 'required', limits: {} }], [{ ...choice, engine: 'hall' }, { engine: 'hall', isolation: 'operator-asserted', limits: {} }],
    [{ ...choice, version: '1', isolation: 'best-effort', context: '2048', limits: { ...choice.limits, queue: '9' } }, { version: '1', isolation: 'best-effort', contextLength: 2048, limits: { queue: 9 } }],
  ];
  for (const [each, more] of chosen) {
    assert.deepEqual(bodyOf(each), { name: 'demo', model: model.name, kind: 'serverless', ...more });
    assert.ok(createDeployment.request.safeParse(bodyOf(each)).success);
  }
});
test('the command line does the same', () => {
  assert.equal(commandOf(choice), 'npx modelkeep deploy smollm2-135m-instruct --serverless --name demo');
  assert.equal(commandOf({ ...choice, model: { ...model, pull: 'not_pulled' }, isolation: 'best-effort', context: '2048', limits: { ...choice.limits, requestsPerMinute: '60', queueTimeoutMs: '5000' } }),
    'npx modelkeep pull smollm2-135m-instruct && npx modelkeep deploy smollm2-135m-instruct --serverless --name demo --isolation best-effort --context 2048 --rpm 60 --queue-timeout 5000');
  assert.equal(commandOf({ ...choice, model: { ...model, pull: 'not_pulled' }, engine: 'hall' }), 'npx modelkeep deploy smollm2-135m-instruct --serverless --name demo --engine hall');
});
test('a context is within that of the model', () => {
  for (const text of ['', '64', '8192']) assert.equal(problemOfContext(text, model), undefined);
  for (const text of ['63', '8193', 'x', '1.5']) assert.notEqual(problemOfContext(text, model), undefined);
});
