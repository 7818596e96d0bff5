import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProviderFailure } from '../../provider.ts';
import { CryptokiRefusal } from './functions.ts';
import { failureOf, LibraryFailure, reportOf } from './failure.ts';
import { answers } from './numbers.ts';

test('what a token refuses is denied, a key that may not be used is disabled, what it does not have is not found, and where it cannot be asked it is unreachable', () => {
  const expected: Partial<Record<keyof typeof answers, ProviderFailure>> = {
    CKR_PIN_INCORRECT: 'denied', CKR_PIN_LOCKED: 'denied', CKR_PIN_EXPIRED: 'denied', CKR_KEY_FUNCTION_NOT_PERMITTED: 'disabled', CKR_USER_NOT_LOGGED_IN: 'denied', CKR_KEY_HANDLE_INVALID: 'key_not_found',
    CKR_DEVICE_ERROR: 'unreachable', CKR_DEVICE_REMOVED: 'unreachable', CKR_DEVICE_MEMORY: 'unreachable', CKR_TOKEN_NOT_PRESENT: 'unreachable', CKR_TOKEN_NOT_RECOGNIZED: 'unreachable', CKR_SESSION_CLOSED: 'unreachable',
    CKR_SESSION_HANDLE_INVALID: 'unreachable', CKR_GENERAL_ERROR: 'unreachable', CKR_ENCRYPTED_DATA_INVALID: 'tampered', CKR_AEAD_DECRYPT_FAILED: 'tampered', CKR_MECHANISM_INVALID: 'misconfigured',
  };
  for (const [name, failure] of Object.entries(expected)) assert.equal(failureOf(answers[name as keyof typeof answers]), failure, name);
  assert.equal(failureOf(0x8000_0001), 'unreachable', 'a vendor\'s own number');
});

test('what leaves the program is codes and numbers: no text of an error', () => {
  assert.deepEqual(reportOf(new CryptokiRefusal('C_Login', answers.CKR_PIN_LOCKED)), { failed: 'denied', reason: 'refused', call: 'C_Login', answer: 0xa4 });
  assert.deepEqual(reportOf(new LibraryFailure('key_not_found', 'key_not_found')), { failed: 'key_not_found', reason: 'key_not_found' });
  assert.deepEqual(reportOf(new Error('PIN 1234')), { failed: 'unreachable', reason: 'unexpected' });
});
