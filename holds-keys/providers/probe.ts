/** Whether a customer's key may be used now. Asked by unwrapping: some providers wrap with a public key, which works after a revocation too. */
import { ProviderError } from './provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from './provider.ts';

export type KeyHealth = 'enabled' | 'denied' | 'unreachable';

/** `wrapped`: made by this provider earlier, with this context. Every failure but a missing answer is a denial. */
export async function probe(provider: KeyProvider, wrapped: WrappedKey, context: WrapContext): Promise<KeyHealth> {
  try {
    (await provider.unwrap(wrapped, context)).fill(0);
    return 'enabled';
  } catch (error) { return error instanceof ProviderError && error.code === 'unreachable' ? 'unreachable' : 'denied'; }
}
