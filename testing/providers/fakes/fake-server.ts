/** What the stand-ins of key providers have in common: TLS on the loopback address, JSON, and the ways in which a server can be away. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '#keys/custody/certificate-authority.ts';
import { issueServerCertificate } from '#keys/custody/issue-server-certificate.ts';

export interface Heard { method: string; url: URL; headers: IncomingHttpHeaders; body: string }
export interface Reply { status: number; body?: unknown; headers?: Record<string, string> }
/** Turns what was heard into the provider's own error answer. */
export class Refusal extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) { super('refused'); this.reply = reply; }
}

export abstract class FakeServer {
  /** Certificate to trust, and the file that it is in. */
  ca = '';
  caFile = '';
  url = '';
  /** Everything that was asked, in its order. */
  readonly heard: Heard[] = [];
  /** Said in place of the provider's answer. */
  instead: Reply | undefined;
  #server: Server | undefined;
  #port = 0;
  #folder = '';
  #tls = { key: '', cert: '' };

  protected abstract answer(heard: Heard): Reply;

  async start(): Promise<this> {
    this.#folder = mkdtempSync(join(tmpdir(), 'mk-key-provider-'));
    const authority = await openAuthority(this.#folder);
    this.caFile = join(this.#folder, 'ca.pem');
    this.ca = readFileSync(this.caFile, 'utf8');
    const { key, certificate } = await issueServerCertificate(authority, ['localhost', '127.0.0.1']);
    this.#tls = { key, cert: certificate };
    await this.restore();
    return this;
  }

  /** Nothing listens any more; what was connected is cut. */
  async away(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async restore(): Promise<void> {
    if (this.#server) return;
    const server = createServer(this.#tls, (request, response) => { void this.#serve(request, response); });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    this.url = `https://localhost:${this.#port}`;
  }

  async stop(): Promise<void> {
    await this.away();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const heard: Heard = { method: request.method ?? '', url: new URL(request.url ?? '/', this.url), headers: request.headers, body: Buffer.concat(chunks).toString() };
    this.heard.push(heard);
    let reply: Reply;
    try { reply = this.instead ?? this.answer(heard); } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      ({ reply } = error);
    }
    const text = reply.body === undefined ? '' : typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, { ...(text === '' ? {} : { 'content-type': 'application/json' }), 'content-length': Buffer.byteLength(text), ...reply.headers }).end(text);
  }
}

/** The fields of a JSON object, none of them unknown, each a string, a number or an object of strings as `kinds` says. */
export function fields<K extends Record<string, 'string' | 'number' | 'strings'>>(text: string, kinds: K, refuse: (what: string) => never): { [F in keyof K]?: K[F] extends 'string' ? string : K[F] extends 'number' ? number : Record<string, string> } {
  let value: unknown;
  try { value = text === '' ? {} : JSON.parse(text); } catch { refuse('no JSON'); }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('no object');
  for (const [name, each] of Object.entries(value)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    const fits = kind === 'strings' ? typeof each === 'object' && each !== null && Object.values(each).every((one) => typeof one === 'string') : typeof each === kind;
    if (!fits) refuse(`field ${name}`);
  }
  return value;
}
