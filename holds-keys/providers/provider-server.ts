/**
 * The HTTP server of a key provider: one origin, https unless it is this machine, bounded answers, no redirect followed. What it says is for the
 * file that asked, which takes from it what it needs; none of its text is kept in an error.
 */
import { Pool } from 'undici';
import { readSmallFile } from '../custody/key-file.ts';
import { ProviderError } from './provider.ts';

export interface Question { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string }
/** `body`: what the JSON says, or undefined where it is none. `challenge`: the header WWW-Authenticate. */
export interface Answer { status: number; body: unknown; challenge: string }

const patienceMs = 10_000;
const longestAnswer = 64 * 1024;
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

export class ProviderServer {
  /** Without a slash at its end. */
  readonly url: URL;
  readonly #prefix: string;
  readonly #pool: Pool;

  /** `caFile`: certificates (PEM) to trust instead of the machine's own. @throws ProviderError `misconfigured` */
  constructor(address: string, caFile: string | undefined) {
    this.url = checked(address);
    this.#prefix = this.url.pathname.replace(/\/+$/, '');
    const ca = caFile === undefined ? {} : { ca: read(caFile) };
    this.#pool = new Pool(this.url.origin, { connections: 16, pipelining: 1, allowH2: false, headersTimeout: patienceMs, bodyTimeout: patienceMs, connect: { timeout: patienceMs, minVersion: 'TLSv1.2', ...ca } });
  }

  /** `path` is below the address. @throws ProviderError `unreachable` where there is no answer, or one that is too long */
  async ask({ method, path, headers = {}, body }: Question): Promise<Answer> {
    try {
      const answer = await this.#pool.request({ method, path: `${this.#prefix}${path}`, headers: { accept: 'application/json', ...headers }, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(patienceMs) });
      const text = await bounded(answer.body);
      return { status: answer.statusCode, body: parsed(text), challenge: String(answer.headers['www-authenticate'] ?? '') };
    } catch { throw new ProviderError('unreachable'); }
  }

  async close(): Promise<void> { await this.#pool.destroy(); }
}

function checked(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname)))) throw new ProviderError('misconfigured', 'the address of a key provider is https');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw new ProviderError('misconfigured', 'the address of a key provider has a host and a path only');
  return url;
}

function read(caFile: string): string {
  try { return readSmallFile(caFile).toString(); } catch { throw new ProviderError('misconfigured', `the certificates in ${caFile} cannot be read`); }
}

async function bounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longestAnswer) throw new RangeError('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return undefined; }
}
