/**
 * Azure Key Vault with one RSA key, and the token endpoint of Microsoft Entra beside it:
 * https://learn.microsoft.com/rest/api/keyvault/keys/operation-groups. Real RSA-OAEP; tokens are good for this vault and their time only.
 */
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { FakeServer, Refusal, fields } from './fake-server.ts';
import type { Heard, Reply } from './fake-server.ts';

const apiVersions = ['7.4', '2025-07-01'];
const failure = (status: number, code: string, inner?: string): Refusal => new Refusal({ status, body: { error: { code, message: `${code}: the message that Azure adds`, ...(inner === undefined ? {} : { innererror: { code: inner } }) } } });
const bad = (what: string): never => { throw new Refusal({ status: 400, body: { error: { code: 'BadParameter', message: what } } }); };
type Action = 'get' | 'wrapKey' | 'unwrapKey' | 'rotate';

export class FakeKeyVault extends FakeServer {
  readonly tenantId = randomUUID();
  readonly clientId = randomUUID();
  readonly clientSecret = randomBytes(30).toString('base64url');
  readonly name: string;
  readonly permissions = new Set<Action>(['get', 'wrapKey', 'unwrapKey', 'rotate']);
  enabled = true;
  deleted = false;
  operations = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
  /** Said in place of the challenge. */
  challenge: string | undefined;
  /** Said in place of a token. */
  insteadOfToken: Reply | undefined;
  /** Seconds for which tokens are good. */
  tokenLife = 3600;
  readonly #tokens = new Map<string, number>();
  readonly #versions: { id: string; key: KeyObject }[] = [];

  constructor(name: string) { super(); this.name = name; this.#addVersion(); }

  get kid(): string { return `${this.url}/keys/${this.name}/${this.#versions.at(-1)?.id ?? ''}`; }
  /** A token, as for somebody who has come with the right secret. */
  issueToken(): string {
    const token = randomBytes(40).toString('base64url');
    this.#tokens.set(token, Date.now() + this.tokenLife * 1000);
    return token;
  }
  revokeTokens(): void { this.#tokens.clear(); }

  protected answer(heard: Heard): Reply {
    if (heard.url.pathname === `/${this.tenantId}/oauth2/v2.0/token`) return this.insteadOfToken ?? this.#token(heard);
    const { url, headers, method } = heard;
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if ((this.#tokens.get(token) ?? 0) < Date.now()) {
      const challenge = this.challenge ?? `Bearer authorization="${this.url}/${this.tenantId}", resource="${this.url}"`;
      throw new Refusal({ status: 401, body: { error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' } }, headers: { 'www-authenticate': challenge } });
    }
    if ([...url.searchParams.keys()].join() !== 'api-version' || !apiVersions.includes(url.searchParams.get('api-version') ?? '')) return bad('api-version');
    const [, version = '', action = ''] = new RegExp(`^/keys/${this.name}/([0-9a-f]*)(?:/?(wrapkey|unwrapkey|rotate))?$`).exec(url.pathname) ?? [];
    if (!url.pathname.startsWith(`/keys/${this.name}/`) && url.pathname !== `/keys/${this.name}`) throw failure(404, 'KeyNotFound');
    switch (`${method} ${action}`) {
      case 'GET ': this.#may('get'); return this.#bundle(this.#find(version));
      case 'POST rotate': this.#may('rotate'); this.#find(''); this.#addVersion(); return this.#bundle(this.#find(''));
      case 'POST wrapkey': this.#may('wrapKey'); return this.#wrap(this.#find(version), heard.body);
      case 'POST unwrapkey': this.#may('unwrapKey'); return this.#unwrap(this.#find(version), heard.body);
      default: throw failure(405, 'MethodNotAllowed');
    }
  }

  #token({ method, headers, body, url }: Heard): Reply {
    const form = new URLSearchParams(body);
    const wellFormed = method === 'POST' && url.search === '' && headers['content-type'] === 'application/x-www-form-urlencoded' && [...form.keys()].sort().join() === 'client_id,client_secret,grant_type,scope' && form.get('grant_type') === 'client_credentials';
    if (!wellFormed) return { status: 400, body: { error: 'invalid_request', error_description: 'AADSTS900144: the description that Entra adds' } };
    if (form.get('scope') !== `${this.url}/.default`) return { status: 400, body: { error: 'invalid_scope', error_description: 'AADSTS70011: the description that Entra adds' } };
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret) return { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: the description that Entra adds' } };
    return { status: 200, body: { token_type: 'Bearer', expires_in: this.tokenLife, ext_expires_in: this.tokenLife, access_token: this.issueToken() } };
  }

  #addVersion(): void { this.#versions.push({ id: randomBytes(16).toString('hex'), key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }); }
  #may(action: Action): void { if (!this.permissions.has(action)) throw failure(403, 'Forbidden', 'ForbiddenByRbac'); }
  #find(version: string): { id: string; key: KeyObject } {
    const found = version === '' ? this.#versions.at(-1) : this.#versions.find(({ id }) => id === version);
    if (this.deleted || !found) throw failure(404, 'KeyNotFound');
    return found;
  }

  #bundle({ id, key }: { id: string; key: KeyObject }): Reply {
    const { n, e } = createPublicKey(key).export({ format: 'jwk' });
    return { status: 200, body: { key: { kid: `${this.url}/keys/${this.name}/${id}`, kty: 'RSA', key_ops: this.operations, n, e }, attributes: { enabled: this.enabled, created: 1_780_000_000, updated: 1_780_000_000, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90, exportable: false } } };
  }

  /** Which is allowed of a disabled key too, as everything that its public half can do. */
  #wrap({ id, key }: { id: string; key: KeyObject }, body: string): Reply {
    return this.#result(id, publicEncrypt({ key: createPublicKey(key), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, this.#value(body)));
  }

  #unwrap({ id, key }: { id: string; key: KeyObject }, body: string): Reply {
    if (!this.enabled) throw failure(403, 'Forbidden', 'KeyDisabled');
    const value = this.#value(body);
    try { return this.#result(id, privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, value)); } catch { return bad('the value cannot be decrypted'); }
  }

  #result(id: string, value: Buffer): Reply { return { status: 200, body: { kid: `${this.url}/keys/${this.name}/${id}`, value: value.toString('base64url') } }; }
  #value(body: string): Buffer {
    const { alg, value = '' } = fields(body, { alg: 'string', value: 'string' }, bad);
    const bytes = Buffer.from(value, 'base64url');
    if (alg !== 'RSA-OAEP-256' || bytes.length === 0 || bytes.toString('base64url') !== value) bad('alg or value');
    return bytes;
  }
}
