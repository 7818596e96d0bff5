/** Whatever a provider over the network answers, it becomes one of the closed list of failures, and none of its text is kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { kmsFailure } from './aws-kms/kms-failure.ts';
import { azureFailure } from './azure-key-vault/azure-failure.ts';
import { ProviderError } from './provider.ts';
import type { Answer } from './provider-server.ts';
import { vaultFailure } from './vault/vault-failure.ts';

const marker = 'canary-7f3a';
const text = fc.string().map((each) => `${each}${marker}`);
const body = fc.oneof(
  fc.jsonValue(), fc.constant(undefined), text, fc.record({ errors: fc.array(fc.oneof(text, fc.constant('cipher: message authentication failed'))) }), fc.record({ __type: fc.oneof(text, fc.constantFrom('DisabledException', 'a#AccessDeniedException:b', '__proto__')), message: text }),
  fc.record({ error: fc.record({ code: text, innererror: fc.record({ code: fc.oneof(text, fc.constant('KeyDisabled')) }) }) }),
);
const answer = fc.record<Answer>({ status: fc.oneof(fc.integer({ min: 100, max: 599 }), fc.constantFrom(400, 403, 404, 429, 500, 503)), body, challenge: text });
const failures: readonly [name: string, of: (answer: Answer) => ProviderError][] = [['vault', vaultFailure], ['aws-kms', kmsFailure], ['azure-key-vault', (each) => azureFailure(each, 'tampered')]];
const codes = ['denied', 'disabled', 'key_not_found', 'unreachable', 'tampered', 'misconfigured'];

for (const [name, of] of failures) {
  test(`${name}: a closed list, and no text`, () => {
    fc.assert(fc.property(answer, (each) => {
      const error = of(each);
      assert.ok(error instanceof ProviderError && codes.includes(error.code));
      assert.ok(!inspect(error, { showHidden: true, depth: 9 }).includes(marker));
    }), { numRuns: 500 });
  });
  test(`${name}: an overloaded or broken server is never taken for a refusal`, () => {
    for (const status of [429, 502, 503, 504]) for (const said of [undefined, {}, 'busy']) assert.equal(of({ status, body: said, challenge: '' }).code, 'unreachable');
  });
}
