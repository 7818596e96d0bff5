/** A customer's key in a file, for development and tests only: whoever reads the file has the key. AES-256-GCM, the context as associated data. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { contextBytes } from '../context.ts';
import { ProviderError } from '../provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from '../provider.ts';
import { wrappedBytes } from '../wrapped-bytes.ts';
import { addVersion, openKeyFile } from './key-file-format.ts';
import type { KeyFile, KeyVersion } from './key-file-format.ts';

const alg = 'A256GCM';
const kidOf = ({ id }: KeyFile, { version }: KeyVersion): string => `file:${id}/${version}`;
const newest = ({ versions }: KeyFile): KeyVersion => versions.reduce((a, b) => (a.version > b.version ? a : b));

function keyOf({ state, key }: KeyVersion): Buffer {
  if (state === 'disabled') throw new ProviderError('disabled');
  if (state === 'destroyed' || key === undefined) throw new ProviderError('key_not_found');
  return Buffer.from(key, 'base64');
}

/** The file is read at every call, so that what its owner changed in it holds at once. It is made by `createKeyFile`. */
export class FileProvider implements KeyProvider {
  readonly kind = 'file';
  readonly #path: string;
  constructor(path: string) {
    if (!path.startsWith('/')) throw new ProviderError('misconfigured', 'the path of a key file is absolute');
    this.#path = path;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the other providers wait
  async wrap(key: Buffer, context: WrapContext): Promise<WrappedKey> {
    if (key.length !== 32) throw new ProviderError('misconfigured', 'a data key has 32 bytes');
    const file = openKeyFile(this.#path);
    const version = newest(file);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', keyOf(version), iv).setAAD(contextBytes(context));
    const ciphertext = Buffer.concat([cipher.update(key), cipher.final()]);
    return { kid: kidOf(file, version), alg, ciphertext: ciphertext.toString('base64'), iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64') };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async unwrap(wrapped: WrappedKey, context: WrapContext): Promise<Buffer> {
    const file = openKeyFile(this.#path);
    const version = file.versions.find((each) => kidOf(file, each) === wrapped.kid);
    if (!version) throw new ProviderError('key_not_found');
    const key = keyOf(version);
    if (wrapped.alg !== alg) throw new ProviderError('tampered');
    const [ciphertext, iv, tag] = [wrappedBytes(wrapped.ciphertext, 32), wrappedBytes(wrapped.iv, 12), wrappedBytes(wrapped.tag, 16)];
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(contextBytes(context)).setAuthTag(tag);
    const plain = decipher.update(ciphertext);
    try { return Buffer.concat([plain, decipher.final()]); } catch { throw new ProviderError('tampered'); } finally { plain.fill(0); }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async current(): Promise<string> {
    const file = openKeyFile(this.#path);
    keyOf(newest(file));
    return kidOf(file, newest(file));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  rotate = async (): Promise<string> => {
    const file = openKeyFile(this.#path);
    return kidOf(file, addVersion(this.#path, file));
  };

  async close(): Promise<void> { /* nothing is open */ }
}
