/** A data key is 32 bytes, on the way in and on the way out. */
import { ProviderError } from './provider.ts';

/** @throws ProviderError `misconfigured` where it is not a data key. */
export function asDataKey(key: Buffer): Buffer {
  if (key.length !== 32) throw new ProviderError('misconfigured', 'a data key has 32 bytes');
  return key;
}

/** What a provider gave back, as base64. @throws ProviderError `tampered` where that is no data key: it is not what we had wrapped. */
export function dataKeyFrom(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== 32) { key.fill(0); throw new ProviderError('tampered'); }
  return key;
}
