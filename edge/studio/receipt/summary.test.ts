import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check } from '../../verify/checks.ts';
import { failures } from '../../verify/failure.ts';
import { explanations } from './explanations.ts';
import { summaryOf } from './summary.ts';

const good: Check = { check: 'the file is a receipt', passed: true };

test('a receipt that holds says how many checks it passed; one whose answer was cut short says what was not compared', () => {
  assert.deepEqual(summaryOf({ verdict: { passed: true, checks: [good, good] } }), { look: 'passed', line: 'Receipt verified in this browser: 2 of 2 checks' });
  assert.match(summaryOf({ verdict: { passed: true, checks: [good] } }, true).line, /not compared/);
});

test('one that fails says by which code, also where a verdict contradicts its own checks', () => {
  const bad: Check = { check: 'the response is the one that was returned', passed: false, code: 'response_differs' };
  for (const passed of [false, true]) assert.deepEqual(summaryOf({ verdict: { passed, checks: [good, bad] } }), { look: 'failed', line: 'Receipt failed: response_differs' });
});

test('one that the ledger does not have yet is neither', () => assert.equal(summaryOf({ verdict: null }).look, 'pending'));

test('what is explained of each check is a sentence', () => {
  assert.ok(Object.keys(explanations).length >= 10);
  for (const text of [...Object.values(explanations), ...Object.values(failures)]) assert.match(text, /^[A-Z].*\.$/);
});
