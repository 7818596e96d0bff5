/** A key in the transit engine of HashiCorp Vault or OpenBao. The key never leaves the server; the context goes along as associated data. */
import { z } from 'zod';
import { contextBytes } from '../context.ts';
import { asDataKey, dataKeyFrom } from '../data-key.ts';
import { ProviderError } from '../provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from '../provider.ts';
import { ProviderServer } from '../provider-server.ts';
import { wrappedBytes } from '../wrapped-bytes.ts';
import { vaultFailure } from './vault-failure.ts';

export interface VaultSettings {
  address: string;
  /** Where the transit engine is mounted: `transit` unless given. */
  mount?: string | undefined;
  key: string;
  token: string;
  namespace?: string | undefined;
  /** Certificates (PEM) to trust instead of the machine's own. */
  caFile?: string | undefined;
}

const alg = 'vault-transit';
const names = /^[\w.-]+(?:\/[\w.-]+)*$/;
/** Kinds of key that authenticate associated data. */
const aead = ['aes256-gcm96', 'aes128-gcm96', 'chacha20-poly1305', 'xchacha20-poly1305'];
/** Nonce, 32 bytes and tag; xchacha20 has the longer nonce. */
const lengths = [12 + 32 + 16, 24 + 32 + 16];

const KeyInfo = z.object({ data: z.object({ type: z.string(), derived: z.boolean(), latest_version: z.int().positive() }) });
const Encrypted = z.object({ data: z.object({ ciphertext: z.string() }) });
const Decrypted = z.object({ data: z.object({ plaintext: z.base64() }) });

export class VaultProvider implements KeyProvider {
  readonly kind = 'vault';
  readonly #server: ProviderServer;
  readonly #headers: Record<string, string>;
  readonly #mount: string;
  readonly #key: string;
  readonly #kidPrefix: string;

  /** @throws ProviderError `misconfigured` */
  constructor({ address, mount = 'transit', key, token, namespace, caFile }: VaultSettings) {
    const named = [mount, ...(namespace === undefined ? [] : [namespace])].every((name) => names.test(name)) && /^[\w.-]+$/.test(key);
    if (!named || ![key, ...mount.split('/')].every((name) => /\w/.test(name))) throw new ProviderError('misconfigured', 'mount, namespace or key is no name in Vault');
    if (!/^[\x21-\x7e]+$/.test(token)) throw new ProviderError('misconfigured', 'the token of Vault is empty or has characters that no token has');
    this.#server = new ProviderServer(address, caFile);
    this.#headers = { 'x-vault-token': token, 'x-vault-request': 'true', ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }) };
    this.#mount = mount;
    this.#key = key;
    this.#kidPrefix = `vault:${namespace === undefined ? '' : `${namespace}/`}${mount}/keys/${key}/v`;
  }

  /** The version is named: an encryption without one makes the key anew where it is gone and the token may create it. */
  async wrap(key: Buffer, context: WrapContext): Promise<WrappedKey> {
    const version = await this.#newest();
    const { data } = await this.#ask('POST', `encrypt/${this.#key}`, Encrypted, { plaintext: asDataKey(key).toString('base64'), associated_data: contextBytes(context).toString('base64'), key_version: version });
    const [, made, ciphertext = ''] = /^vault:v(\d+):(.+)$/s.exec(data.ciphertext) ?? [];
    if (made !== String(version)) throw new ProviderError('unreachable');
    return { kid: `${this.#kidPrefix}${version}`, alg, ciphertext };
  }

  async unwrap({ kid, alg: by, ciphertext }: WrappedKey, context: WrapContext): Promise<Buffer> {
    const version = kid.startsWith(this.#kidPrefix) ? kid.slice(this.#kidPrefix.length) : '';
    if (!/^[1-9]\d{0,8}$/.test(version)) throw new ProviderError('key_not_found');
    if (by !== alg) throw new ProviderError('tampered');
    wrappedBytes(ciphertext, lengths.find((length) => Math.ceil(length / 3) * 4 === ciphertext.length) ?? 0);
    const { data } = await this.#ask('POST', `decrypt/${this.#key}`, Decrypted, { ciphertext: `vault:v${version}:${ciphertext}`, associated_data: contextBytes(context).toString('base64') });
    return dataKeyFrom(data.plaintext);
  }

  async current(): Promise<string> { return `${this.#kidPrefix}${await this.#newest()}`; }

  rotate = async (): Promise<string> => {
    await this.#ask('POST', `keys/${this.#key}/rotate`, z.unknown(), {});
    return this.current();
  };

  async close(): Promise<void> { await this.#server.close(); }

  async #newest(): Promise<number> {
    const { data } = await this.#ask('GET', `keys/${this.#key}`, KeyInfo);
    if (!aead.includes(data.type) || data.derived) throw new ProviderError('misconfigured', 'the key in Vault is not one that authenticates associated data, or it is a derived one');
    return data.latest_version;
  }

  async #ask<T>(method: 'GET' | 'POST', path: string, shape: z.ZodType<T>, body?: object): Promise<T> {
    const answer = await this.#server.ask({
      method, path: `/v1/${this.#mount}/${path}`, headers: { ...this.#headers, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (answer.status !== 200 && answer.status !== 204) throw vaultFailure(answer);
    const { data, success } = shape.safeParse(answer.body);
    // What is not of the engine's form was said by something else in between.
    if (!success) throw new ProviderError('unreachable');
    return data;
  }
}
