/** What an error of Vault's or OpenBao's transit engine means for a customer's key. Its texts decide, where its status does not. */
import { z } from 'zod';
import { ProviderError } from '../provider.ts';
import type { ProviderFailure } from '../provider.ts';
import type { Answer } from '../provider-server.ts';

const Errors = z.object({ errors: z.array(z.string()) });

/** By the texts of the transit engine. `cipher: …` comes with 500 from older servers and with 400 from newer ones. */
const byText: readonly [text: RegExp, means: ProviderFailure][] = [
  [/message authentication failed|unable to decrypt/, 'tampered'],
  [/disallowed by policy \(too old\)/, 'disabled'],
  [/encryption key not found|policy not found|no such key version|version is too new/, 'key_not_found'],
  [/invalid ciphertext/, 'tampered'],
];
const byStatus: Readonly<Record<number, ProviderFailure>> = { 400: 'misconfigured', 401: 'denied', 403: 'denied', 404: 'key_not_found', 405: 'misconfigured' };

export function vaultFailure({ status, body }: Answer): ProviderError {
  const texts = Errors.safeParse(body).data?.errors.join('\n') ?? '';
  const means = status === 400 || status === 500 ? byText.find(([text]) => text.test(texts))?.[1] : undefined;
  return new ProviderError(means ?? byStatus[status] ?? 'unreachable');
}
