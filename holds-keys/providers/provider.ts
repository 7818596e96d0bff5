/** What a customer's key can do for us, wherever the customer keeps it. */
export type ProviderKind = 'file' | 'pkcs11' | 'vault' | 'aws-kms' | 'azure-key-vault';

/** A data key as a provider wrapped it. `kid` names key and version; all but kid/alg is base64. */
export interface WrappedKey { kid: string; alg: string; ciphertext: string; iv?: string; tag?: string }

/** Bound into each wrapping: project, purpose, object, layer. The same must be given to unwrap. */
export type WrapContext = Readonly<Record<string, string>>;

/**
 * - `denied`: the provider answered and refused (forbidden, PIN wrong): fail closed at once;
 * - `disabled`: it refused because its administrator has disabled the key: the same, until it is enabled again;
 * - `key_not_found`: the key or this version of it is not there, or no more;
 * - `unreachable`: no answer, throttled, the provider's own 5xx: may be retried;
 * - `tampered`: the wrapped key or its context is not what was wrapped;
 * - `misconfigured`: our own settings are wrong.
 */
export type ProviderFailure = 'denied' | 'disabled' | 'key_not_found' | 'unreachable' | 'tampered' | 'misconfigured';

/** `what` is a sentence or a setting of our own: nothing that a provider said, and no key. */
export class ProviderError extends Error {
  readonly code: ProviderFailure;
  constructor(code: ProviderFailure, what?: string) {
    super(`key provider: ${code}${what === undefined ? '' : ` (${what})`}`);
    this.name = 'ProviderError';
    this.code = code;
  }
}

export interface KeyProvider {
  readonly kind: ProviderKind;
  /** Wraps 32 bytes under the newest version of the customer's key. */
  wrap(key: Buffer, context: WrapContext): Promise<WrappedKey>;
  unwrap(wrapped: WrappedKey, context: WrapContext): Promise<Buffer>;
  /** Id of the key version that wrap would use now. */
  current(): Promise<string>;
  /** Makes a new version where the provider lets us; undefined where only its administrator can. */
  rotate?: () => Promise<string>;
  close(): Promise<void>;
}
