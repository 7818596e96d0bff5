/** What custody asks of a provider. Wrapping may succeed at one that would not unwrap: only the other way round is an answer. */
import { randomBytes } from 'node:crypto';
import { ProviderError } from '../../providers/provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from '../../providers/provider.ts';

export const probeContext = (project: string): WrapContext => ({ project, purpose: 'probe' });

/** @throws ProviderError */
export async function wrapAndUnwrap(provider: KeyProvider, key: Buffer, context: WrapContext): Promise<WrappedKey> {
  const wrapped = await provider.wrap(key, context);
  const again = await provider.unwrap(wrapped, context);
  const same = again.equals(key);
  again.fill(0);
  if (!same) throw new ProviderError('misconfigured', 'what it unwraps is not what it wrapped');
  return wrapped;
}

/** Once more where there was no answer. @throws ProviderError */
export async function unwrapTwice(provider: KeyProvider, wrapped: WrappedKey, context: WrapContext): Promise<Buffer> {
  try { return await provider.unwrap(wrapped, context); } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'unreachable') throw error;
    return await provider.unwrap(wrapped, context);
  }
}

/** A key that protects nothing, wrapped by the newest version. @throws ProviderError */
export async function newProbe(provider: KeyProvider, project: string): Promise<WrappedKey> {
  const key = randomBytes(32);
  try { return await wrapAndUnwrap(provider, key, probeContext(project)); } finally { key.fill(0); }
}
