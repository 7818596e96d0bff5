/** A wrap context as bytes, for use as associated data: RFC 8785, so that there is one spelling of it whatever the order of its fields. */
import { canonicalJson } from '#contract/canonical-json.ts';
import type { WrapContext } from './provider.ts';

export const contextBytes = (context: WrapContext): Buffer => Buffer.from(`modelkeep/wrap/v1\n${canonicalJson(context)}`);
