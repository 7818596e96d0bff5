/** Why the library's program could not do what it was asked, in codes: no text leaves it. */
import { ZodError } from 'zod';
import type { ProviderFailure } from '../../provider.ts';
import type { FailureReport } from '../library-protocol.ts';
import { CryptokiRefusal } from './functions.ts';
import { answers } from './numbers.ts';

export class LibraryFailure extends Error {
  readonly failure: ProviderFailure;
  readonly reason: FailureReport['reason'];
  constructor(failure: ProviderFailure, reason: FailureReport['reason']) {
    super(reason);
    this.name = 'LibraryFailure';
    this.failure = failure;
    this.reason = reason;
  }
}

const meaning: Partial<Record<keyof typeof answers, ProviderFailure>> = {
  CKR_PIN_INCORRECT: 'denied', CKR_PIN_INVALID: 'denied', CKR_PIN_LEN_RANGE: 'denied', CKR_PIN_EXPIRED: 'denied', CKR_PIN_LOCKED: 'denied', CKR_USER_PIN_NOT_INITIALIZED: 'denied',
  CKR_USER_NOT_LOGGED_IN: 'denied', CKR_USER_TYPE_INVALID: 'denied', CKR_KEY_FUNCTION_NOT_PERMITTED: 'disabled', CKR_ACTION_PROHIBITED: 'denied', CKR_SESSION_READ_ONLY: 'denied', CKR_TOKEN_WRITE_PROTECTED: 'denied',
  CKR_KEY_HANDLE_INVALID: 'key_not_found', CKR_OBJECT_HANDLE_INVALID: 'key_not_found',
  CKR_ENCRYPTED_DATA_INVALID: 'tampered', CKR_ENCRYPTED_DATA_LEN_RANGE: 'tampered', CKR_AEAD_DECRYPT_FAILED: 'tampered',
  CKR_ARGUMENTS_BAD: 'misconfigured', CKR_ATTRIBUTE_READ_ONLY: 'misconfigured', CKR_ATTRIBUTE_TYPE_INVALID: 'misconfigured', CKR_ATTRIBUTE_VALUE_INVALID: 'misconfigured', CKR_FUNCTION_NOT_SUPPORTED: 'misconfigured',
  CKR_KEY_SIZE_RANGE: 'misconfigured', CKR_KEY_TYPE_INCONSISTENT: 'misconfigured', CKR_MECHANISM_INVALID: 'misconfigured', CKR_MECHANISM_PARAM_INVALID: 'misconfigured',
  CKR_TEMPLATE_INCOMPLETE: 'misconfigured', CKR_TEMPLATE_INCONSISTENT: 'misconfigured',
};
const byNumber = new Map(Object.entries(meaning).map(([name, failure]) => [answers[name as keyof typeof answers] as number, failure]));

/** Whatever is not known to be a refusal says that the device could not be asked: sessions closed, device removed, token not present, errors of it. */
export const failureOf = (answer: number): ProviderFailure => byNumber.get(answer) ?? 'unreachable';

/** Some libraries have other words for a PIN that they do not take, and count it all the same. */
function failedAt({ call, answer }: CryptokiRefusal): ProviderFailure {
  const failure = failureOf(answer);
  return call === 'C_Login' && failure === 'misconfigured' ? 'denied' : failure;
}

export function reportOf(error: unknown): FailureReport {
  if (error instanceof LibraryFailure) return { failed: error.failure, reason: error.reason };
  if (error instanceof CryptokiRefusal) return { failed: failedAt(error), reason: 'refused', call: error.call, answer: error.answer };
  return { failed: error instanceof ZodError ? 'misconfigured' : 'unreachable', reason: 'unexpected' };
}
