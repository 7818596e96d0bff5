/** A client of an installation's files that loses its server now and then, and the journal of what was acknowledged to it. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { Installation } from '../installation.ts';

export class Journal {
  /** SHA-256 of what was uploaded, by the ids of the files that were acknowledged. */
  readonly stored = new Map<string, string>();
  /** Files whose deletion was asked for: until it is acknowledged they may be there or not. */
  readonly asked = new Set<string>();
  readonly deleted = new Set<string>();
  /** Codes that operations were refused with, which would have succeeded without faults. */
  readonly refusals = new Map<string, number>();
  refused(code: string): void { this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1); }
  /** Acknowledged, and nobody asked that it go. */
  kept(): string[] { return [...this.stored.keys()].filter((id) => !this.asked.has(id)); }
}

export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) { super(`${status} ${code}`); this.status = status; this.code = code; }
}

/** Bytes of a file in the order in which they are sent. Awaited between two chunks: whoever makes it decides how fast. */
type Sent = Iterable<Buffer> | AsyncIterable<Buffer>;
interface Answer { id: string; file: { id: string } | null }

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
export const content = (size: number): Buffer => randomBytes(size);

export class DataClient {
  readonly journal: Journal;
  readonly #installation: Installation;
  readonly #token: string;
  readonly #administrator: string;

  constructor(installation: Installation, credentials: { token: string; administrator: string }, journal = new Journal()) {
    this.#installation = installation;
    this.#token = credentials.token;
    this.#administrator = credentials.administrator;
    this.journal = journal;
  }

  /** The same client, with a journal of its own. */
  aside(): DataClient { return new DataClient(this.#installation, { token: this.#token, administrator: this.#administrator }); }

  async #send(method: 'GET' | 'POST' | 'DELETE', path: string, body: string | Readable | null = null, headers: Record<string, string> = {}): Promise<Dispatcher.ResponseData> {
    const answer = await request(this.#installation.origin + path, { method, body, headers: { authorization: `Bearer ${this.#token}`, ...headers }, headersTimeout: 90_000, bodyTimeout: 90_000 });
    if (answer.statusCode < 300) return answer;
    const { error } = await answer.body.json() as { error: { code: string } };
    throw new Refused(answer.statusCode, error.code);
  }

  async #json<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.#send(method, path, body === undefined ? null : JSON.stringify(body), { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) });
    return await answer.body.json() as T;
  }

  async #form<T>(path: string, fields: Record<string, string>, file: { field: 'file' | 'data'; name: string; bytes: Sent }): Promise<T> {
    const boundary = randomUUID();
    const head = Object.entries(fields).map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('');
    const body = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(`${head}--${boundary}\r\ncontent-disposition: form-data; name="${file.field}"; filename="${file.name}"\r\ncontent-type: application/octet-stream\r\n\r\n`);
      yield* file.bytes;
      yield Buffer.from(`\r\n--${boundary}--\r\n`);
    };
    const answer = await this.#send('POST', path, Readable.from(body(), { objectMode: false }), { 'content-type': `multipart/form-data; boundary=${boundary}` });
    return await answer.body.json() as T;
  }

  /** For what succeeds where nothing fails. */
  async #noted<T>(work: Promise<T>): Promise<T> {
    try { return await work; } catch (error) {
      if (error instanceof Refused) this.journal.refused(error.code);
      throw error;
    }
  }

  /** `sent`: the same bytes as they are sent, where that is not at once. @returns the file's id */
  async upload(bytes: Buffer, { name = `f-${randomUUID()}`, sent = [bytes] }: { name?: string; sent?: Sent } = {}): Promise<string> {
    const { id } = await this.#noted(this.#form<Answer>('/v1/files', { purpose: 'user_data' }, { field: 'file', name, bytes: sent }));
    this.journal.stored.set(id, digestOf(bytes));
    return id;
  }

  async createUpload(bytes: number, name: string): Promise<string> {
    return (await this.#noted(this.#json<Answer>('POST', '/v1/uploads', { filename: name, purpose: 'user_data', bytes, mime_type: 'application/octet-stream' }))).id;
  }

  async addPart(upload: string, bytes: Buffer, sent: Sent = [bytes]): Promise<string> {
    return (await this.#noted(this.#form<Answer>(`/v1/uploads/${upload}/parts`, {}, { field: 'data', name: 'part', bytes: sent }))).id;
  }

  /** @returns the file's id */
  async completeUpload(upload: string, parts: string[], whole: Buffer): Promise<string> {
    const { file } = await this.#noted(this.#json<Answer>('POST', `/v1/uploads/${upload}/complete`, { part_ids: parts }));
    if (!file) throw new Error('completed without a file');
    this.journal.stored.set(file.id, digestOf(whole));
    return file.id;
  }

  async cancelUpload(upload: string): Promise<void> { await this.#noted(this.#json('POST', `/v1/uploads/${upload}/cancel`, {})); }

  /** @returns SHA-256 of the content. @throws Refused, and where not all of it came */
  async digest(file: string): Promise<string> {
    const answer = await this.#send('GET', `/v1/files/${file}/content`);
    const hash = createHash('sha256');
    for await (const chunk of answer.body as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest('hex');
  }

  async delete(file: string): Promise<void> {
    this.journal.asked.add(file);
    await this.#noted(this.#json('DELETE', `/v1/files/${file}`));
    this.journal.deleted.add(file);
  }

  async rotate(): Promise<void> { await this.#noted(this.#json('POST', '/api/encryption/rotate', { layer: 'both' }, { authorization: `Bearer ${this.#administrator}` })); }

  /** Certificate of a deletion, as it is written down. */
  async certificate(file: string): Promise<Buffer> { return Buffer.from(canonicalJson(await this.#json('GET', `/api/ledger/deletions/${file}`))); }
  async ledgerKey(): Promise<string> { return await (await this.#send('GET', '/ledger/key')).body.text(); }
}
