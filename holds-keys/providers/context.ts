/** A wrap context as bytes, for use as associated data: RFC 8785, so that there is one spelling of it whatever the order of its fields. */
import { canonicalJson } from '#contract/canonical-json.ts';
import { ProviderError } from './provider.ts';
import type { WrapContext } from './provider.ts';

/** @throws ProviderError `misconfigured` where a field is no well-formed text. */
export function contextBytes(context: WrapContext): Buffer {
  try { return Buffer.from(`modelkeep/wrap/v1\n${canonicalJson(context)}`); } catch { throw new ProviderError('misconfigured', 'context'); }
}
