/** An RSA key in Azure Key Vault or Managed HSM. Wrapping and unwrapping both go to the vault; its private key never leaves it. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { asDataKey } from '../data-key.ts';
import { ProviderError } from '../provider.ts';
import type { KeyProvider, ProviderFailure, WrapContext, WrappedKey } from '../provider.ts';
import { ProviderServer } from '../provider-server.ts';
import type { Answer } from '../provider-server.ts';
import { wrappedBytes } from '../wrapped-bytes.ts';
import { azureFailure } from './azure-failure.ts';
import { checkChallenge } from './challenge.ts';
import { cloudOf } from './clouds.ts';
import { EntraToken } from './entra-token.ts';
import type { EntraApplication } from './entra-token.ts';
import { open, seal } from './sealed-key.ts';

export interface AzureKeyVaultSettings extends EntraApplication {
  /** `https://NAME.vault.azure.net` */
  vault: string;
  key: string;
  /** Who gives tokens. Known for the public clouds of Azure. */
  authority?: string | undefined;
  /** Certificates (PEM) to trust instead of the machine's own. */
  caFile?: string | undefined;
}

const apiVersion = '7.4';
const wrapAlg = 'RSA-OAEP-256';
const alg = `${wrapAlg}+A256GCM`;
/** Bytes of a key-encryption key that RSA of 2048, 3072 or 4096 bits has wrapped. */
const rsaLengths = [256, 384, 512];
const versions = /^[0-9a-f]{32}$/;

const KeyBundle = z.object({ key: z.object({ kid: z.string(), kty: z.string(), n: z.base64url(), key_ops: z.array(z.string()).optional() }), attributes: z.object({ enabled: z.boolean().optional() }) });
const Result = z.object({ kid: z.string(), value: z.base64url() });

export class AzureKeyVaultProvider implements KeyProvider {
  readonly kind = 'azure-key-vault';
  readonly #vault: ProviderServer;
  readonly #authority: ProviderServer;
  readonly #authorities: readonly string[];
  readonly #token: EntraToken;
  readonly #tenant: string;
  readonly #path: string;
  #scope: string | undefined;

  /** @throws ProviderError `misconfigured` */
  constructor({ vault, key, authority, caFile, tenant, clientId, clientSecret }: AzureKeyVaultSettings) {
    if (!/^[A-Za-z0-9-]{1,127}$/.test(key)) throw new ProviderError('misconfigured', 'the key has no name that Azure Key Vault allows');
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant)) throw new ProviderError('misconfigured', 'the tenant is named by its id, as a vault names it');
    if (clientId === '' || clientSecret === '') throw new ProviderError('misconfigured', 'an application of Entra has an id and a secret');
    this.#vault = new ProviderServer(vault, caFile);
    const cloud = cloudOf(this.#vault.url.hostname);
    const tokensFrom = authority ?? cloud?.authority;
    if (tokensFrom === undefined) throw new ProviderError('misconfigured', 'a vault outside the public clouds of Azure needs an authority');
    this.#authority = new ProviderServer(tokensFrom, caFile);
    if (this.#vault.url.pathname !== '/' || this.#authority.url.pathname !== '/') throw new ProviderError('misconfigured', 'the addresses of a vault and of its authority have no path');
    this.#authorities = authority === undefined ? cloud?.named ?? [] : [this.#authority.url.host];
    this.#token = new EntraToken(this.#authority, { tenant, clientId, clientSecret });
    this.#tenant = tenant;
    this.#path = `/keys/${key}`;
  }

  async wrap(key: Buffer, context: WrapContext): Promise<WrappedKey> {
    asDataKey(key);
    const kid = await this.current();
    const keyEncryptionKey = randomBytes(32);
    try {
      const made = await this.#ask('POST', `${this.#pathOf(kid)}/wrapkey`, Result, 'misconfigured', { alg: wrapAlg, value: keyEncryptionKey.toString('base64url') });
      const wrapped = Buffer.from(made.value, 'base64url');
      if (made.kid !== kid || !rsaLengths.includes(wrapped.length)) throw new ProviderError('unreachable');
      const { ciphertext, iv, tag } = seal(key, keyEncryptionKey, kid, context);
      return { kid, alg, ciphertext: Buffer.concat([wrapped, ciphertext]).toString('base64'), iv: iv.toString('base64'), tag: tag.toString('base64') };
    } finally { keyEncryptionKey.fill(0); }
  }

  async unwrap({ kid, alg: by, ciphertext, iv, tag }: WrappedKey, context: WrapContext): Promise<Buffer> {
    const path = this.#pathOf(kid);
    if (by !== alg) throw new ProviderError('tampered');
    const packed = wrappedBytes(ciphertext, Buffer.byteLength(ciphertext, 'base64'));
    const wrapped = packed.subarray(0, -32);
    if (!rsaLengths.includes(wrapped.length)) throw new ProviderError('tampered');
    const sealed = { ciphertext: packed.subarray(-32), iv: wrappedBytes(iv, 12), tag: wrappedBytes(tag, 16) };
    // It says 400 of what the key does not open.
    const made = await this.#ask('POST', `${path}/unwrapkey`, Result, 'tampered', { alg: wrapAlg, value: wrapped.toString('base64url') });
    const keyEncryptionKey = Buffer.from(made.value, 'base64url');
    try {
      if (made.kid !== kid || keyEncryptionKey.length !== 32) throw new ProviderError('tampered');
      return open(sealed, keyEncryptionKey, kid, context);
    } finally { keyEncryptionKey.fill(0); }
  }

  /** A vault wraps with a disabled key too. It is asked first, so that nothing is wrapped that could not be unwrapped. */
  async current(): Promise<string> { return this.#usable(await this.#ask('GET', `${this.#path}/`, KeyBundle, 'misconfigured')); }

  rotate = async (): Promise<string> => this.#usable(await this.#ask('POST', `${this.#path}/rotate`, KeyBundle, 'misconfigured'));

  async close(): Promise<void> { await Promise.all([this.#vault.close(), this.#authority.close()]); }

  #usable({ key, attributes }: z.output<typeof KeyBundle>): string {
    this.#pathOf(key.kid);
    const able = ['wrapKey', 'unwrapKey'].every((each) => key.key_ops?.includes(each) ?? true);
    if (!/^RSA(-HSM)?$/.test(key.kty) || Buffer.byteLength(key.n, 'base64url') < 256 || !able) throw new ProviderError('misconfigured', 'the key in the vault is no RSA key of 2048 bits or more that may wrap and unwrap');
    if (attributes.enabled === false) throw new ProviderError('disabled');
    return key.kid;
  }

  /** Path of the key version that `kid` names. @throws ProviderError `key_not_found` where that is another key than ours */
  #pathOf(kid: string): string {
    const prefix = `${this.#vault.url.origin}${this.#path}/`;
    const version = kid.startsWith(prefix) ? kid.slice(prefix.length) : '';
    if (!versions.test(version)) throw new ProviderError('key_not_found');
    return `${this.#path}/${version}`;
  }

  /** The first question goes without a token: the answer says for what one is needed. A token that is not taken is got anew, once. */
  async #ask<T>(method: 'GET' | 'POST', path: string, shape: z.ZodType<T>, bad: ProviderFailure, body?: object): Promise<T> {
    this.#scope ??= await this.#challenged();
    let answer = await this.#withToken(this.#scope, method, path, body);
    if (answer.status === 401) answer = await this.#withToken(this.#scope, method, path, body);
    if (answer.status !== 200) throw azureFailure(answer, bad);
    const { data, success } = shape.safeParse(answer.body);
    // What is not of the vault's form was said by something else in between.
    if (!success) throw new ProviderError('unreachable');
    return data;
  }

  async #challenged(): Promise<string> {
    const answer = await this.#vault.ask({ method: 'GET', path: `${this.#path}/?api-version=${apiVersion}` });
    if (answer.status !== 401) throw answer.status === 429 || answer.status >= 500 ? new ProviderError('unreachable') : new ProviderError('misconfigured', 'what answers at the vault\'s address is no vault');
    return checkChallenge(answer.challenge, { vaultHost: this.#vault.url.hostname, authorities: this.#authorities, tenant: this.#tenant });
  }

  async #withToken(scope: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const token = await this.#token.bearer(scope);
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await this.#vault.ask({ method, path: `${path}?api-version=${apiVersion}`, headers: { authorization: `Bearer ${token}`, ...json }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (answer.status === 401) this.#token.forget(token);
    return answer;
  }
}
