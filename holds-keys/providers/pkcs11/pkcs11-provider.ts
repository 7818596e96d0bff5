/** A customer's key in a hardware security module, by PKCS#11: CKM_AES_GCM in the token, the context as associated data. The key never leaves it. */
import { z } from 'zod';
import { contextBytes } from '../context.ts';
import { ProviderError } from '../provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from '../provider.ts';
import { wrappedBytes } from '../wrapped-bytes.ts';
import { LibraryProcess } from './library-process.ts';
import { longestKid } from './library-protocol.ts';

const alg = 'A256GCM';
const Path = z.string().max(4096).regex(/^\/[^\0]*$/, 'absolute');
/** Where vendors' libraries look for the path of their configuration file. A closed list: other variables could change what our own program does. */
const ConfigurationVariable = z.enum(['SOFTHSM2_CONF', 'ChrystokiConfigurationPath', 'CS_PKCS11_R3_CFG', 'CS_PKCS11_R2_CFG', 'YUBIHSM_PKCS11_CONF']);
export const Pkcs11Settings = z.strictObject({
  library: Path,
  token: z.union([z.strictObject({ label: z.string().min(1).max(32) }), z.strictObject({ slot: z.int().nonnegative() })]),
  /** Label of the key, the same for all its versions. */
  key: z.string().min(1).max(255),
  configuration: z.strictObject({ variable: ConfigurationVariable, path: Path }).optional(),
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
});
export type Pkcs11Settings = z.input<typeof Pkcs11Settings>;

export class Pkcs11Provider implements KeyProvider {
  readonly kind = 'pkcs11';
  readonly #library: LibraryProcess;

  /** Nothing is started before the first call. @throws ProviderError `misconfigured` */
  constructor(settings: Pkcs11Settings, pin: string) {
    const { data, error } = Pkcs11Settings.safeParse(settings);
    if (!data) throw new ProviderError('misconfigured', error.issues[0]?.path.join('.'));
    if (pin === '' || pin.length > 255) throw new ProviderError('misconfigured', 'pin');
    const { library, token, key, configuration, timeoutMs } = data;
    this.#library = new LibraryProcess({ library, timeoutMs, environment: configuration ? { [configuration.variable]: configuration.path } : {} }, { token, key, pin });
  }

  async wrap(key: Buffer, context: WrapContext): Promise<WrappedKey> {
    if (key.length !== 32) throw new ProviderError('misconfigured', 'a data key has 32 bytes');
    return { alg, ...await this.#library.ask('wrap', { key: key.toString('base64'), context: contextBytes(context).toString('base64') }) };
  }

  async unwrap({ kid, alg: wrappedBy, ciphertext, iv, tag }: WrappedKey, context: WrapContext): Promise<Buffer> {
    if (kid.length > longestKid) throw new ProviderError('key_not_found');
    if (wrappedBy !== alg) throw new ProviderError('tampered');
    for (const [part, length] of [[ciphertext, 32], [iv, 12], [tag, 16]] as const) wrappedBytes(part, length);
    const { key } = await this.#library.ask('unwrap', { kid, ciphertext, iv: iv ?? '', tag: tag ?? '', context: contextBytes(context).toString('base64') });
    return Buffer.from(key, 'base64');
  }

  async current(): Promise<string> { return (await this.#library.ask('current', {})).kid; }
  rotate = async (): Promise<string> => (await this.#library.ask('rotate', {})).kid;
  async close(): Promise<void> { await this.#library.close(); }
}
