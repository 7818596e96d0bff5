/** What an error of Azure Key Vault means for a customer's key: https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
import { z } from 'zod';
import { ProviderError } from '../provider.ts';
import type { ProviderFailure } from '../provider.ts';
import type { Answer } from '../provider-server.ts';

const Inner = z.object({ code: z.string() });
const Failure = z.object({ error: z.object({ code: z.string(), innererror: Inner.optional(), innerError: Inner.optional() }) });

const unusable = new Set(['KeyDisabled', 'KeyExpired', 'KeyNotYetValid']);
const byStatus: Readonly<Record<number, ProviderFailure>> = { 401: 'denied', 403: 'denied', 404: 'key_not_found', 405: 'misconfigured', 409: 'denied' };

/** `bad`: what a request that the vault cannot use (400) means in the place where it was made. */
export function azureFailure({ status, body }: Answer, bad: ProviderFailure): ProviderError {
  const error = Failure.safeParse(body).data?.error;
  if (status === 403 && unusable.has((error?.innererror ?? error?.innerError)?.code ?? '')) return new ProviderError('disabled');
  return new ProviderError(status === 400 ? bad : byStatus[status] ?? 'unreachable');
}
