/** One bucket, to read from: signed questions, asked again while a failure may pass. No redirect is followed, and plain HTTP goes to this machine only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../../gateway-error.ts';
import { encodedPath, sha256, signRequest } from './sign-request.ts';
import type { Credential } from './sign-request.ts';

export interface ReadBucketSettings {
  endpoint: string; region: string; bucket: string; credential: Credential;
  /** PEM of the authorities to trust instead of the machine's own. */
  ca?: string;
  /** Milliseconds to wait after each attempt that failed in a passing way. */
  retryDelays?: readonly number[];
}
type Answer = Dispatcher.ResponseData;

const patience = [200, 800, 2000, 5000];
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);
const nothing = sha256('');
/** It is no longer the object that was asked about. */
const changed = 412;

export class ReadBucket {
  readonly retryDelays: readonly number[];
  readonly #settings: ReadBucketSettings;
  readonly #url: URL;
  readonly #pool: Pool;

  /** @throws GatewayError datastore_refused where the endpoint is none */
  constructor(settings: ReadBucketSettings) {
    this.#settings = settings;
    this.#url = checked(settings.endpoint);
    this.retryDelays = settings.retryDelays ?? patience;
    this.#pool = new Pool(this.#url.origin, {
      connections: 32, pipelining: 1, allowH2: false, headersTimeout: 60_000, bodyTimeout: 60_000, connect: { timeout: 10_000, minVersion: 'TLSv1.2', ...(settings.ca === undefined ? {} : { ca: settings.ca }) },
    });
  }

  /** `key`: without one the bucket itself is asked. @throws GatewayError file_not_found, datastore_refused, datastore_unreachable */
  async ask(method: 'GET' | 'HEAD', key?: string, headers: Record<string, string> = {}): Promise<Answer> {
    for (let failed = 0; ; failed++) {
      const answer = await this.#send(method, key, headers).catch(() => undefined);
      if (answer && answer.statusCode < 300) return answer;
      // Of a refusal its status is all that is read.
      answer?.body.on('error', () => undefined).destroy();
      const delay = this.retryDelays[failed];
      if (answer && !isPassing(answer.statusCode)) throw new GatewayError(answer.statusCode === 404 ? 'file_not_found' : answer.statusCode === changed ? 'datastore_unreachable' : 'datastore_refused');
      if (delay === undefined) throw new GatewayError('datastore_unreachable');
      await sleep(delay * (0.5 + Math.random() / 2));
    }
  }

  async close(): Promise<void> { await this.#pool.destroy(); }

  async #send(method: 'GET' | 'HEAD', key: string | undefined, headers: Record<string, string>): Promise<Answer> {
    const { bucket, region, credential } = this.#settings;
    const path = `${this.#url.pathname.replace(/\/+$/, '')}/${encodedPath(key === undefined ? bucket : `${bucket}/${key}`)}`;
    return await this.#pool.request({ method, path, headers: signRequest({ method, host: this.#url.host, path, query: '', headers, sha256: nothing }, credential, region, new Date()) });
  }
}

const isPassing = (status: number): boolean => status === 429 || (status >= 500 && status !== 501);

function checked(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname)))) throw new GatewayError('datastore_refused');
  return url;
}
