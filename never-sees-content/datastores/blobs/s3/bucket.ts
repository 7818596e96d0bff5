/** One bucket at one endpoint: signed requests, tried again while a failure may pass. No redirect is followed, and plain HTTP goes to this machine only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { StoreError } from '../blob-store.ts';
import { BucketError } from './bucket-error.ts';
import { encodedPath, encodedQuery, sha256, signRequest } from './sign-request.ts';
import type { Credential } from './sign-request.ts';
import { parseXml, textOf } from './xml.ts';
import type { Element } from './xml.ts';

export interface BucketSettings {
  endpoint: string; region: string; bucket: string; credential: Credential;
  /** PEM of the authorities to trust instead of the machine's own. */
  ca?: string;
  /** Milliseconds to wait after each attempt that failed in a passing way. */
  retryDelays?: readonly number[];
}
/** `key`: of an object; without one the bucket itself is asked. */
export interface Question { method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'; key?: string; query?: Record<string, string>; headers?: Record<string, string>; body?: Buffer }
/** `xml`: null where the answer is empty. */
export interface Answer { status: number; headers: Dispatcher.ResponseData['headers']; xml: Element | null }

const patience = [200, 800, 2000, 5000];
/** A page of a thousand names is far below it. */
const longestAnswer = 4 << 20;
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);
const nothing = Buffer.alloc(0);

export class Bucket {
  readonly retryDelays: readonly number[];
  readonly #settings: BucketSettings;
  readonly #url: URL;
  readonly #pool: Pool;

  /** @throws StoreError `refused` where the endpoint is none */
  constructor(settings: BucketSettings) {
    this.#settings = settings;
    this.#url = checked(settings.endpoint);
    this.retryDelays = settings.retryDelays ?? patience;
    this.#pool = new Pool(this.#url.origin, {
      connections: 32, pipelining: 1, allowH2: false, headersTimeout: 120_000, bodyTimeout: 60_000, connect: { timeout: 10_000, minVersion: 'TLSv1.2', ...(settings.ca === undefined ? {} : { ca: settings.ca }) },
    });
  }

  /** A whole, bounded answer. @throws BucketError */
  async ask(question: Question): Promise<Answer> {
    return await this.patiently(async () => {
      const answer = await this.#send(question);
      const xml = await whole(answer);
      // What takes long is answered 200 before it is done, and may turn out an error afterwards.
      if (answer.statusCode >= 300 || xml?.name === 'Error') throw new BucketError(answer.statusCode, reasonOf(xml));
      return { status: answer.statusCode, headers: answer.headers, xml };
    });
  }

  /** An answer whose body is still to come. @throws BucketError */
  async open(question: Question): Promise<Dispatcher.ResponseData> {
    return await this.patiently(async () => {
      const answer = await this.#send(question);
      if (answer.statusCode >= 300) throw new BucketError(answer.statusCode, reasonOf(await whole(answer)));
      return answer;
    });
  }

  /** Does it again, a little later each time, while it fails in a way that may pass. */
  async patiently<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failed = 0; ; failed++) {
      try { return await attempt(); } catch (error) {
        const delay = this.retryDelays[failed];
        if (!(error instanceof StoreError) || error.code !== 'unreachable' || delay === undefined) throw error;
        await sleep(delay * (0.5 + Math.random() / 2));
      }
    }
  }

  async close(): Promise<void> { await this.#pool.destroy(); }

  async #send({ method, key, query = {}, headers = {}, body = nothing }: Question): Promise<Dispatcher.ResponseData> {
    const { bucket, region, credential } = this.#settings;
    const request = { method, path: `${this.#url.pathname.replace(/\/+$/, '')}/${encodedPath(key === undefined ? bucket : `${bucket}/${key}`)}`, query: encodedQuery(query) };
    const signed = signRequest({ ...request, host: this.#url.host, headers, sha256: sha256(body) }, credential, region, new Date());
    try {
      return await this.#pool.request({ method, path: request.query === '' ? request.path : `${request.path}?${request.query}`, headers: signed, ...(method === 'PUT' || method === 'POST' ? { body } : {}) });
    } catch (error) { throw new BucketError(0, '', error); }
  }
}

function checked(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname)))) throw new StoreError('refused');
  return url;
}

async function whole({ body, statusCode }: Dispatcher.ResponseData): Promise<Element | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestAnswer) throw new RangeError('too long');
      chunks.push(chunk);
    }
  } catch (error) { throw new BucketError(0, '', error); }
  const text = Buffer.concat(chunks).toString().trim();
  if (text === '') return null;
  // A gateway in between may refuse in words of its own; then its status is all there is.
  try { return parseXml(text); } catch (error) { if (statusCode >= 300) return null; throw new BucketError(statusCode, 'MalformedXML', error); }
}

const reasonOf = (xml: Element | null): string => /^[A-Za-z0-9]{1,64}$/.exec(xml ? textOf(xml, 'Code') : '')?.[0] ?? '';
