/** The audit's own key provider: as much of Vault's transit engine as a customer-managed key needs, for whoever has its one token. It refuses everything else, and keeps nothing of it. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Asked { plaintext?: string; ciphertext?: string; associated_data?: string }
const algorithm = 'aes-256-gcm';
const bytes = { iv: 12, tag: 16 };

export class AuditKeyServer {
  readonly #server: Server;
  readonly #token: string;
  readonly #key = randomBytes(32);
  #version = 1;

  private constructor(token: string) {
    this.#token = token;
    this.#server = createServer((request, response) => {
      this.#answer(request).catch(() => undefined).then((body) => { response.writeHead(body ? 200 : 403, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? { errors: ['permission denied'] })); }).catch(() => response.destroy());
    });
  }

  /** `token`: what the customer of this provider shows. */
  static async start(token: string): Promise<AuditKeyServer> {
    const server = new AuditKeyServer(token);
    await new Promise<void>((resolve) => { server.#server.listen(0, '127.0.0.1', resolve); });
    return server;
  }

  get url(): string { return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; }

  /** Undefined where it refuses. */
  async #answer(request: IncomingMessage): Promise<object | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (request.headers['x-vault-token'] !== this.#token) return undefined;
    const [, verb] = /^\/v1\/[^/]+\/(keys|encrypt|decrypt)\//.exec(request.url ?? '') ?? [];
    if (verb === 'keys' && request.method === 'GET') return { data: { type: 'aes256-gcm96', derived: false, latest_version: this.#version } };
    if (verb === 'keys') { this.#version++; return {}; }
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
    return verb === undefined ? undefined : { data: verb === 'encrypt' ? { ciphertext: this.#encrypt(asked) } : { plaintext: this.#decrypt(asked) } };
  }

  #encrypt({ plaintext = '', associated_data: about = '' }: Asked): string {
    const iv = randomBytes(bytes.iv);
    const cipher = createCipheriv(algorithm, this.#key, iv).setAAD(Buffer.from(about, 'base64'));
    return `vault:v${this.#version}:${Buffer.concat([iv, cipher.update(Buffer.from(plaintext, 'base64')), cipher.final(), cipher.getAuthTag()]).toString('base64')}`;
  }

  #decrypt({ ciphertext = '', associated_data: about = '' }: Asked): string {
    const whole = Buffer.from(ciphertext.slice(ciphertext.lastIndexOf(':') + 1), 'base64');
    const decipher = createDecipheriv(algorithm, this.#key, whole.subarray(0, bytes.iv), { authTagLength: bytes.tag }).setAAD(Buffer.from(about, 'base64')).setAuthTag(whole.subarray(-bytes.tag));
    return Buffer.concat([decipher.update(whole.subarray(bytes.iv, -bytes.tag)), decipher.final()]).toString('base64');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}
