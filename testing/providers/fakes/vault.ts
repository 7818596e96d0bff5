/** The transit engine of Vault, for one key: https://developer.hashicorp.com/vault/api-docs/secret/transit. Real AES-256-GCM; says what Vault says. */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { FakeServer, Refusal, fields } from './fake-server.ts';
import type { Heard, Reply } from './fake-server.ts';

type Capability = 'read' | 'encrypt' | 'create' | 'decrypt' | 'rotate';
interface Transit { versions: Map<number, Buffer>; latest: number; minDecryption: number; type: string; derived: boolean }
const errors = (status: number, ...texts: string[]): Refusal => new Refusal({ status, body: { errors: texts } });

export class FakeVault extends FakeServer {
  readonly token = `hvs.${randomBytes(18).toString('base64url')}`;
  readonly name: string;
  namespace: string | undefined;
  /** What the token's policy allows on this key. `create`: encryption may make the key. */
  readonly policy = new Set<Capability>(['read', 'encrypt', 'decrypt', 'rotate']);
  sealed = false;
  /** Vault before 1.6.3 answered 500 where a message did not authenticate. */
  old = false;
  /** The key; undefined once it was deleted. */
  transit: Transit | undefined = { versions: new Map([[1, randomBytes(32)]]), latest: 1, minDecryption: 1, type: 'aes256-gcm96', derived: false };

  constructor(name: string) { super(); this.name = name; }

  deny(): void { this.policy.clear(); }
  allow(): void { for (const each of ['read', 'encrypt', 'decrypt', 'rotate'] as const) this.policy.add(each); }
  remove(): void { this.transit = undefined; }
  /** What `keys/NAME/config min_decryption_version` and `keys/NAME/trim` do. */
  oldestUsable(version: number, trim = false): void {
    const transit = this.#transit();
    transit.minDecryption = version;
    if (trim) for (const each of transit.versions.keys()) if (each < version) transit.versions.delete(each);
  }

  protected answer({ method, url, headers, body }: Heard): Reply {
    if (this.sealed) throw errors(503, 'Vault is sealed');
    if (headers['x-vault-namespace'] !== this.namespace) throw errors(404, `no handler for route "${url.pathname.slice(4)}". route entry not found.`);
    if (headers['x-vault-token'] !== this.token) throw errors(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n');
    if (url.search !== '') throw errors(400, 'unexpected query');
    const operation = `${method === 'PUT' ? 'POST' : method} ${url.pathname}`;
    switch (operation) {
      case `GET /v1/transit/keys/${this.name}`: this.#may('read'); return this.#data(this.#info());
      case `POST /v1/transit/keys/${this.name}/rotate`: this.#may('rotate'); return this.#rotate();
      case `POST /v1/transit/encrypt/${this.name}`: this.#may('encrypt'); return this.#data(this.#encrypt(body));
      case `POST /v1/transit/decrypt/${this.name}`: this.#may('decrypt'); return this.#data(this.#decrypt(body));
      default: throw errors(403, '1 error occurred:\n\t* permission denied\n\n');
    }
  }

  #may(capability: Capability): void { if (!this.policy.has(capability)) throw errors(403, '1 error occurred:\n\t* permission denied\n\n'); }
  #data(data: object): Reply { return { status: 200, body: { request_id: randomUUID(), lease_id: '', renewable: false, lease_duration: 0, data, wrap_info: null, warnings: null, auth: null } }; }
  #transit(): Transit {
    if (!this.transit) throw errors(400, 'encryption key not found');
    return this.transit;
  }

  #info(): object {
    if (!this.transit) throw new Refusal({ status: 404, body: { errors: [] } });
    const { versions, latest, minDecryption, type, derived } = this.transit;
    return {
      name: this.name, type, derived, latest_version: latest, min_available_version: 0, min_decryption_version: minDecryption, min_encryption_version: 0, deletion_allowed: false, exportable: false,
      allow_plaintext_backup: false, auto_rotate_period: 0, imported_key: false, supports_encryption: true, supports_decryption: true, supports_derivation: true, supports_signing: false,
      keys: Object.fromEntries([...versions.keys()].map((version) => [version, 1_780_000_000 + version])),
    };
  }

  #rotate(): Reply {
    const transit = this.#transit();
    transit.latest++;
    transit.versions.set(transit.latest, randomBytes(32));
    return this.#data(this.#info());
  }

  #encrypt(body: string): object {
    const { plaintext, associated_data: aad = '', key_version: asked = 0 } = fields(body, { plaintext: 'string', associated_data: 'string', key_version: 'number' }, (what) => { throw errors(400, what); });
    if (!this.transit && this.policy.has('create')) this.transit = { versions: new Map([[1, randomBytes(32)]]), latest: 1, minDecryption: 1, type: 'aes256-gcm96', derived: false };
    const { versions, latest } = this.#transit();
    if (asked > latest) throw errors(400, 'requested version for encryption is higher than the latest key version');
    const version = asked || latest;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(versions, version), nonce).setAAD(base64(aad, 'associated_data'));
    const sealed = Buffer.concat([nonce, cipher.update(base64(plaintext ?? '', 'plaintext')), cipher.final(), cipher.getAuthTag()]);
    return { ciphertext: `vault:v${version}:${sealed.toString('base64')}`, key_version: version };
  }

  #decrypt(body: string): object {
    const { ciphertext = '', associated_data: aad = '' } = fields(body, { ciphertext: 'string', associated_data: 'string' }, (what) => { throw errors(400, what); });
    const { versions, latest, minDecryption } = this.#transit();
    const [, number, text] = /^vault:v(\d+):(.*)$/.exec(ciphertext) ?? [];
    if (number === undefined || text === undefined) throw errors(400, 'invalid ciphertext: no prefix');
    const version = Number(number);
    if (version > latest) throw errors(400, 'invalid ciphertext: version is too new');
    if (version < minDecryption) throw errors(400, 'ciphertext or signature version is disallowed by policy (too old)');
    const sealed = base64(text, 'ciphertext');
    if (sealed.length < 28) throw errors(400, 'invalid ciphertext length');
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(versions, version), sealed.subarray(0, 12)).setAAD(base64(aad, 'associated_data')).setAuthTag(sealed.subarray(-16));
    const plain = decipher.update(sealed.subarray(12, -16));
    try { return { plaintext: Buffer.concat([plain, decipher.final()]).toString('base64') }; } catch {
      throw this.old ? errors(500, '1 error occurred:\n\t* cipher: message authentication failed\n\n') : errors(400, 'cipher: message authentication failed');
    }
  }

  #keyOf(versions: Map<number, Buffer>, version: number): Buffer {
    const key = versions.get(version);
    if (!key) throw errors(400, 'no such key version');
    return key;
  }
}

/** Go's decoder takes padded standard base64 and nothing else. */
function base64(text: string, field: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw errors(400, field === 'ciphertext' ? 'invalid ciphertext: could not decode base64' : `failed to base64-decode ${field}`);
  return bytes;
}
