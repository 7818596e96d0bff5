import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { errorCodes } from '#contract/error-codes.ts';
import { nextSteps } from './next-steps.ts';

test('each next step is for a code of the contract, is a sentence, and leads to a page that there is', () => {
  const steps = Object.entries(nextSteps);
  assert.ok(steps.length >= 15);
  for (const [code, { words, at }] of steps) {
    assert.ok(code === 'unreachable' || Object.hasOwn(errorCodes, code), code);
    assert.match(words, /^[A-Z].*\.$/, code);
    if (at) assert.ok(existsSync(new URL(`../pages${at.href.split('?')[0] ?? ''}/page.tsx`, import.meta.url)), at.href);
  }
});
