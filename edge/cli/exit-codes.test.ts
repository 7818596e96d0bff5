import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorCodes } from '#contract/error-codes.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

test('a script tells by the exit status what kind of refusal it met', () => {
  const expected = { invalid_api_key: 4, permission_denied: 4, deployment_not_found: 5, name_taken: 6, model_not_pulled: 6, queue_timeout: 7, engine_timeout: 7, control_unavailable: 3, invalid_request: 1, engine_crashed: 1 };
  for (const [code, status] of Object.entries(expected)) assert.equal(exitCodeOf(code), status, code);
});

test('no refusal of a server looks like success or like a wrong command line', () => {
  for (const code of [...Object.keys(errorCodes), 'a_code_of_a_newer_server', 'constructor']) {
    assert.ok(exitCodeOf(code) !== exitCodes.ok && exitCodeOf(code) !== exitCodes.usage, code);
  }
});

test('the manual lists every exit status', () => {
  const manual = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  const listed = [...manual.matchAll(/^\| (\d) \|/gm)].map((match) => Number(match[1]));
  assert.deepEqual(listed, Object.values(exitCodes));
});
