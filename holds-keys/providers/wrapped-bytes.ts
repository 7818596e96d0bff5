/** Bytes of a wrapped key's field. One spelling each: what decodes to the same bytes by leniency is not what was wrapped. */
import { ProviderError } from './provider.ts';

/** @throws ProviderError `tampered` where it is not the base64 of so many bytes. */
export function wrappedBytes(text: string | undefined, length: number): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64');
  if (bytes.length !== length || bytes.toString('base64') !== text) throw new ProviderError('tampered');
  return bytes;
}
