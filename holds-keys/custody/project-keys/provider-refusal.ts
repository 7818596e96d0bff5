/** What a provider's failure is called to those who asked for a key. */
import { ProviderError } from '../../providers/provider.ts';
import { KeyRefused } from '../key-refused.ts';

const refusals = { denied: 'customer_key_denied', disabled: 'customer_key_denied', key_not_found: 'customer_key_denied', unreachable: 'customer_key_unreachable', tampered: 'key_tampered', misconfigured: 'customer_key_misconfigured' } as const;
/** One version of a customer's key is disabled, or gone: that says nothing of the others. */
export class VersionRefused extends KeyRefused {}
export const refusalOf = (error: unknown): KeyRefused => (error instanceof KeyRefused ? error : new KeyRefused(error instanceof ProviderError ? refusals[error.code] : 'customer_key_unreachable'));
