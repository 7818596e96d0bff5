/** What an error of AWS KMS means for a customer's key: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html and those of each action. */
import { z } from 'zod';
import { ProviderError } from '../provider.ts';
import type { ProviderFailure } from '../provider.ts';
import type { Answer } from '../provider-server.ts';

const Failure = z.object({ __type: z.string() });

const byType: Readonly<Record<string, ProviderFailure>> = {
  DisabledException: 'disabled',
  AccessDeniedException: 'denied', KMSInvalidStateException: 'denied', UnrecognizedClientException: 'denied', InvalidClientTokenId: 'denied', ExpiredTokenException: 'denied',
  NotAuthorized: 'denied', OptInRequired: 'denied', MissingAuthenticationTokenException: 'denied', LimitExceededException: 'denied',
  NotFoundException: 'key_not_found',
  InvalidCiphertextException: 'tampered', IncorrectKeyException: 'tampered',
  // The secret is not that of the access key, or this machine's clock is wrong.
  InvalidSignatureException: 'misconfigured', SignatureDoesNotMatch: 'misconfigured', IncompleteSignature: 'misconfigured', RequestExpired: 'misconfigured',
  InvalidKeyUsageException: 'misconfigured', ValidationException: 'misconfigured', InvalidArnException: 'misconfigured', UnsupportedOperationException: 'misconfigured', UnknownOperationException: 'misconfigured', SerializationException: 'misconfigured',
  ThrottlingException: 'unreachable', DependencyTimeoutException: 'unreachable', ConflictException: 'unreachable', KeyUnavailableException: 'unreachable', KMSInternalException: 'unreachable', ServiceUnavailable: 'unreachable', InternalFailure: 'unreachable',
};

/** An error that is not known is one of the provider's own with 5xx or 429, and a refusal otherwise. */
export function kmsFailure({ status, body }: Answer): ProviderError {
  const type = Failure.safeParse(body).data?.__type.replace(/^.*#|:.*$/g, '') ?? '';
  const known = Object.hasOwn(byType, type) ? byType[type] : undefined;
  return new ProviderError(known ?? (status === 400 || status === 401 || status === 403 ? 'denied' : 'unreachable'));
}
