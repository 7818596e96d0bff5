/** The audit's own S3-compatible storage: one bucket in which every key holds what it was told to hold, for whoever asks. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class AuditBucketServer {
  /** By the key's last name. */
  readonly objects = new Map<string, Buffer>();
  readonly bucket = 'audit';
  readonly #server: Server;

  private constructor() { this.#server = createServer((request, response) => { this.#answer(request, response); }); }

  static async start(): Promise<AuditBucketServer> {
    const server = new AuditBucketServer();
    await new Promise<void>((resolve) => { server.#server.listen(0, '127.0.0.1', resolve); });
    return server;
  }

  get url(): string { return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; }

  #answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [bucket, ...key] = decodeURIComponent(url.split('?')[0] ?? '').split('/').slice(1);
    if (bucket !== this.bucket || (method !== 'HEAD' && method !== 'GET')) { response.writeHead(403).end(); return; }
    if (key.length === 0) { response.writeHead(200).end(); return; }
    const bytes = this.objects.get(key.at(-1) ?? '');
    if (!bytes) { response.writeHead(404).end(); return; }
    const [, from = '0', to = String(bytes.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    const part = bytes.subarray(Number(from), Number(to) + 1);
    const about = { 'content-length': String(part.length), etag: `"${createHash('md5').update(bytes).digest('hex')}"` };
    response.writeHead(headers.range === undefined ? 200 : 206, headers.range === undefined ? about : { ...about, 'content-range': `bytes ${from}-${to}/${bytes.length}` });
    response.end(method === 'HEAD' ? undefined : part);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}
