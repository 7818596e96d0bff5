/**
 * Two servers that speak the Hugging Face download protocol: the hub (`/OWNER/NAME/resolve/REVISION/PATH`, which answers with a redirect and
 * `x-linked-etag`) and the storage that it points to (entity tags, ranges), on another origin. Faults are ordered from outside.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export interface Asked { where: 'hub' | 'storage'; path: string; range: string | undefined; authorization: string | undefined }

export class HubUnderTest {
  readonly files = new Map<string, Buffer>();
  readonly asked: Asked[] = [];
  /** Bytes of a body that left the storage. */
  sent = 0;
  /** The next answers of the storage break off after so many bytes, one for each. */
  cuts: number[] = [];
  /** The next answers of the storage have these states instead. */
  states: number[] = [];
  /** Bytes per second at which the storage sends; as fast as it can when undefined. */
  rate: number | undefined;
  /** Entity tags: strong, weak or none. */
  tags: 'strong' | 'weak' | 'none' = 'strong';
  /** The hub says what the file's SHA-256 is. */
  linkedTag = true;
  /** Where the hub points to instead. */
  elsewhere: string | undefined;
  #hub: Server | undefined;
  #storage: Server | undefined;
  #tags = new Map<string, string>();

  async start(): Promise<string> {
    this.#storage = await listening(createServer((request, response) => { void this.#store(request, response); }));
    this.#hub = await listening(createServer((request, response) => { this.#resolve(request, response); }));
    return origin(this.#hub);
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#storage]) await new Promise((resolve) => { server?.close(resolve); server?.closeAllConnections(); });
  }

  put(path: string, bytes: Buffer): void {
    this.files.set(path, bytes);
    this.#tags.set(path, createHash('sha256').update(bytes).digest('hex'));
  }

  #resolve(request: IncomingMessage, response: ServerResponse): void {
    const match = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(request.url ?? '');
    const path = `${match?.[1] ?? ''}/${match?.[2] ?? ''}`;
    this.asked.push({ where: 'hub', path, range: request.headers.range, authorization: request.headers.authorization });
    if (path.includes('gated') && request.headers.authorization !== 'Bearer hf_right') { response.writeHead(401).end('Access to this repository is restricted'); return; }
    const tag = this.#tags.get(path);
    if (tag === undefined || !this.#storage) { response.writeHead(404).end('Entry not found'); return; }
    response.writeHead(302, { location: this.elsewhere ?? `${origin(this.#storage)}/${path}`, 'x-repo-commit': 'a'.repeat(40), ...(this.linkedTag ? { 'x-linked-etag': `"${tag}"` } : {}) }).end();
  }

  async #store(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').slice(1);
    this.asked.push({ where: 'storage', path, range: request.headers.range, authorization: request.headers.authorization });
    const state = this.states.shift();
    if (state !== undefined) { response.writeHead(state).end(); return; }
    const bytes = this.files.get(path);
    if (!bytes) { response.writeHead(404).end(); return; }
    const tag = this.tags === 'none' ? undefined : `${this.tags === 'weak' ? 'W/' : ''}"${this.#tags.get(path)}"`;
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
    const partial = Number.isInteger(from) && (request.headers['if-range'] === undefined || request.headers['if-range'] === tag);
    if (partial && from >= bytes.length) { response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end(); return; }
    const body = partial ? bytes.subarray(from) : bytes;
    response.writeHead(partial ? 206 : 200, {
      'content-length': body.length, 'accept-ranges': 'bytes', ...(tag === undefined ? {} : { etag: tag }),
      ...(partial ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    await this.#send(response, body, this.cuts.shift());
  }

  async #send(response: ServerResponse, body: Buffer, cut: number | undefined): Promise<void> {
    const step = this.rate === undefined ? 65_536 : Math.max(1, Math.floor(this.rate / 50));
    for (let at = 0; at < body.length && !response.destroyed; at += step) {
      const chunk = body.subarray(at, Math.min(at + step, cut ?? body.length));
      if (cut !== undefined && at >= cut) { response.destroy(); return; }
      await new Promise<void>((resolve) => { response.write(chunk, () => resolve()); });
      this.sent += chunk.length;
      if (this.rate !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    response.end();
  }
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

function origin(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}
