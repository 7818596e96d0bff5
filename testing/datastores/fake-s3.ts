/**
 * S3 at a loopback address, strict: it refuses what is not signed, not whole, or not in the form that AWS documents, and answers in that form. Faults
 * are ordered from outside. The official client of S3 is used on it in its own test.
 */
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOf, FakeBucket, sizeOf } from './fake-bucket.ts';
import type { Piece, Version } from './fake-bucket.ts';
import { signatureFault } from './signature.ts';
import type { KnownCredential } from './signature.ts';

export type Operation = 'PutObject' | 'GetObject' | 'HeadObject' | 'DeleteObject' | 'HeadBucket' | 'ListObjectsV2' | 'ListObjectVersions' | 'ListMultipartUploads'
  | 'CreateMultipartUpload' | 'UploadPart' | 'CompleteMultipartUpload' | 'AbortMultipartUpload';
/** `status`: is answered instead. `lost`: it is done, and the answer never arrives. `late`: S3 answers 200 and then an error in the body. `cut`: the body ends after so many bytes. `delayMs`: before anything else. */
export type Fault = { status: number; code: string } | { lost: true } | { late: string } | { cut: number } | { delayMs: number };
export interface Asked { operation: Operation; key: string; range: string | undefined }

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) { super(code); this.status = status; this.code = code; }
}
interface Question { operation: Operation; bucket: FakeBucket; key: string; query: URLSearchParams; request: IncomingMessage; body: Piece }
interface Answer { status: number; headers?: Record<string, string>; xml?: string; bytes?: { pieces: Piece[]; from: number; end: number } }

const operations: readonly [Operation, string, 'bucket' | 'key', readonly string[]][] = [
  ['CreateMultipartUpload', 'POST', 'key', ['uploads']], ['CompleteMultipartUpload', 'POST', 'key', ['uploadId']], ['AbortMultipartUpload', 'DELETE', 'key', ['uploadId']],
  ['UploadPart', 'PUT', 'key', ['partNumber', 'uploadId']], ['ListMultipartUploads', 'GET', 'bucket', ['uploads']], ['ListObjectVersions', 'GET', 'bucket', ['versions']], ['ListObjectsV2', 'GET', 'bucket', ['list-type']],
  ['PutObject', 'PUT', 'key', []], ['GetObject', 'GET', 'key', []], ['HeadObject', 'HEAD', 'key', []], ['DeleteObject', 'DELETE', 'key', []], ['HeadBucket', 'HEAD', 'bucket', []],
];
/** Further parameters that may stand in a query. */
const known = new Set(['x-id', 'versionId', 'prefix', 'encoding-type', 'max-keys', 'max-uploads', 'key-marker', 'version-id-marker', 'upload-id-marker', 'continuation-token']);
const leastPart = 5 << 20;
const emptySha256 = createHash('sha256').digest('hex');
const text = (value: string): string => value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const element = (name: string, ...values: string[]): string => `<${name}>${values.join('')}</${name}>`;

export class FakeS3 {
  readonly buckets = new Map<string, FakeBucket>();
  readonly asked: Asked[] = [];
  /** Says what goes wrong with a request, if anything. */
  fault: (asked: Asked) => Fault | undefined = () => undefined;
  credential: KnownCredential = { accessKeyId: 'AKIAFAKEFAKEFAKEFAKE', secretAccessKey: 'fake/secret+key/of40characters0000000000' };
  region = 'eu-central-1';
  /** Entries of one page of a list. */
  pageSize = 1000;
  /** Bytes that it takes in all before it says that it is full. */
  room = Number.POSITIVE_INFINITY;
  /** Its owner has taken all rights away. */
  disabled = false;
  offersConditions = true;
  offersVersions = true;
  #server: Server | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'mk-fake-s3-'));
  #taken = 0;

  async start(...buckets: string[]): Promise<string> {
    for (const name of buckets) this.buckets.set(name, new FakeBucket());
    const server = createServer((request, response) => { void this.#serve(request, response).catch(() => response.destroy()); });
    this.#server = server;
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return this.endpoint;
  }

  get endpoint(): string {
    const address = this.#server?.address();
    if (!address || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server) await new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  bucket(name: string): FakeBucket {
    const found = this.buckets.get(name);
    if (!found) throw new Refusal(404, 'NoSuchBucket');
    return found;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let fault: Fault | undefined;
    try {
      const body = await this.#receive(request);
      const question = this.#understand(request, body);
      const asked = { operation: question.operation, key: question.key, range: request.headers.range };
      this.asked.push(asked);
      fault = this.fault(asked);
      if (fault && 'delayMs' in fault) await sleep(fault.delayMs);
      if (fault && 'status' in fault) throw new Refusal(fault.status, fault.code);
      if (fault && 'late' in fault) { await send(response, { status: 200, xml: element('Error', element('Code', fault.late)) }, undefined); return; }
      const answer = this.#perform(question);
      if (fault && 'lost' in fault) { response.destroy(); return; }
      await send(response, answer, fault && 'cut' in fault ? fault.cut : undefined);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await send(response, { status: error.status, xml: request.method === 'HEAD' ? '' : element('Error', element('Code', error.code), element('Message', 'What S3 says here is nobody&#39;s business.'), element('RequestId', randomUUID())) }, undefined);
    }
  }

  async #receive(request: IncomingMessage): Promise<Piece> {
    const fault = signatureFault({ method: request.method ?? '', url: request.url ?? '', headers: request.headers }, this.credential, this.region, new Date());
    const claimed = request.headers['x-amz-content-sha256'];
    const file = join(this.#folder, randomUUID());
    const [sha, md5] = [createHash('sha256'), createHash('md5')];
    let bytes = 0;
    const out = createWriteStream(file);
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sha.update(chunk); md5.update(chunk);
      bytes += chunk.length;
      if (!out.write(chunk)) await once(out, 'drain');
    }
    await new Promise<void>((resolve) => { out.end(resolve); });
    const refuse = (status: number, code: string): never => { rmSync(file, { force: true }); throw new Refusal(status, code); };
    if (fault) refuse(403, fault);
    if (claimed?.toString().startsWith('STREAMING')) refuse(501, 'NotImplemented');
    if (claimed === 'UNSIGNED-PAYLOAD' || claimed === undefined) refuse(400, 'MissingSecurityHeader');
    if (sha.digest('hex') !== claimed) refuse(400, 'XAmzContentSHA256Mismatch');
    if (request.method === 'PUT' && request.headers['content-length'] === undefined) refuse(411, 'MissingContentLength');
    if (claimed === emptySha256 && request.method !== 'PUT') rmSync(file, { force: true });
    return { file, bytes, md5: md5.digest('hex') };
  }

  #understand(request: IncomingMessage, body: Piece): Question {
    const url = new URL(request.url ?? '', 'http://fake');
    const [, name = '', ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    const key = decodeURIComponent(rest.join('/'));
    const query = url.searchParams;
    const operation = operations.find(([, method, where, parameters]) => method === request.method && where === (key === '' ? 'bucket' : 'key') && parameters.every((parameter) => query.has(parameter)));
    if (!operation) throw new Refusal(405, 'MethodNotAllowed');
    if ([...query.keys()].some((parameter) => !known.has(parameter) && !operation[3].includes(parameter))) throw new Refusal(400, 'InvalidArgument');
    if (this.disabled) throw new Refusal(403, 'AllAccessDisabled');
    if (!this.offersConditions && request.headers['if-none-match'] !== undefined) throw new Refusal(501, 'NotImplemented');
    if (!this.offersVersions && operation[0] === 'ListObjectVersions') throw new Refusal(501, 'NotImplemented');
    return { operation: operation[0], bucket: this.bucket(name), key, query, request, body };
  }

  #perform(question: Question): Answer {
    switch (question.operation) {
      case 'HeadBucket': return { status: 200 };
      case 'PutObject': this.#take(question.body); return created(question.bucket.put(question.key, [question.body], `"${question.body.md5}"`, onlyNew(question)));
      case 'HeadObject': case 'GetObject': return read(question);
      case 'DeleteObject': {
        const mark = question.bucket.delete(question.key, question.query.get('versionId') ?? undefined);
        return { status: 204, headers: mark ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': mark.id } : {} };
      }
      case 'CreateMultipartUpload': return { status: 200, xml: element('InitiateMultipartUploadResult', element('Key', text(question.key)), element('UploadId', question.bucket.start(question.key, metadataOf(question.request)).id)) };
      case 'UploadPart': this.#take(question.body); return addPart(question);
      case 'CompleteMultipartUpload': return complete(question);
      case 'AbortMultipartUpload': question.bucket.abort(uploadOf(question)); return { status: 204 };
      default: return this.#list(question);
    }
  }

  #take({ bytes, file }: Piece): void {
    if (this.#taken + bytes > this.room) { rmSync(file, { force: true }); throw new Refusal(507, 'InsufficientStorage'); }
    this.#taken += bytes;
  }

  #list({ operation, bucket, query }: Question): Answer {
    const kind = lists[operation];
    if (!kind) throw new Refusal(405, 'MethodNotAllowed');
    const encode = (key: string): string => (query.get('encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/') : text(key));
    const all = kind.of(bucket).filter(({ key }) => key.startsWith(query.get('prefix') ?? ''));
    const from = kind.next(all, query);
    const page = all.slice(from, from + Math.min(this.pageSize, Number(query.get('max-keys') ?? query.get('max-uploads') ?? 1000)));
    const last = page.at(-1);
    const truncated = from + page.length < all.length;
    return { status: 200, xml: element(kind.root, query.has('encoding-type') ? element('EncodingType', 'url') : '', element('Prefix', encode(query.get('prefix') ?? '')), element('IsTruncated', String(truncated)),
      truncated && last ? kind.markers(last, encode) : '', ...page.map((each) => kind.entry(each, encode))) };
  }
}

interface Listed { key: string; id: string; pieces?: Piece[] | null; etag?: string }
type Encode = (key: string) => string;
interface List { root: string; of: (bucket: FakeBucket) => Listed[]; next: (all: Listed[], query: URLSearchParams) => number; markers: (last: Listed, encode: Encode) => string; entry: (each: Listed, encode: Encode) => string }
/** Index after the entry that the two markers name. */
const afterMarkers = (id: string) => (all: Listed[], query: URLSearchParams): number => {
  const key = query.get('key-marker');
  return key === null ? 0 : all.findIndex((each) => each.key === key && (query.get(id) === null || each.id === query.get(id))) + 1;
};
const lists: Partial<Record<Operation, List>> = {
  ListObjectsV2: {
    root: 'ListBucketResult', of: (bucket) => bucket.objects, next: (all, query) => { const token = query.get('continuation-token'); return token === null ? 0 : all.findIndex(({ key }) => Buffer.from(key).toString('base64') === token) + 1; },
    markers: ({ key }) => element('NextContinuationToken', Buffer.from(key).toString('base64')),
    entry: ({ key, pieces, etag = '' }, encode) => element('Contents', element('Key', encode(key)), element('ETag', text(etag)), element('Size', String(sizeOf(pieces ?? [])))),
  },
  ListObjectVersions: {
    root: 'ListVersionsResult', of: (bucket) => bucket.versions, next: afterMarkers('version-id-marker'),
    markers: ({ key, id }, encode) => element('NextKeyMarker', encode(key)) + element('NextVersionIdMarker', id),
    entry: ({ key, id, pieces }, encode) => element(pieces ? 'Version' : 'DeleteMarker', element('Key', encode(key)), element('VersionId', id), element('Owner', element('ID', 'owner'))),
  },
  ListMultipartUploads: {
    root: 'ListMultipartUploadsResult', of: (bucket) => bucket.uploads, next: afterMarkers('upload-id-marker'),
    markers: ({ key, id }, encode) => element('NextKeyMarker', encode(key)) + element('NextUploadIdMarker', id), entry: ({ key, id }, encode) => element('Upload', element('Key', encode(key)), element('UploadId', id)),
  },
};

const created = ({ etag, id }: Version): Answer => ({ status: 200, headers: { etag, ...(id === 'null' ? {} : { 'x-amz-version-id': id }) } });
const metadataOf = (request: IncomingMessage): Record<string, string> => Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-')).map(([name, value]) => [name, String(value)]));

/** @returns what the object shall carry. @throws where there is one, and the question was for none */
function onlyNew({ bucket, key, request }: Question): Record<string, string> {
  const condition = request.headers['if-none-match'];
  if (condition !== undefined && condition !== '*') throw new Refusal(501, 'NotImplemented');
  if (condition === '*' && bucket.get(key)?.pieces) throw new Refusal(412, 'PreconditionFailed');
  return metadataOf(request);
}

function uploadOf({ bucket, key, query }: Question) {
  const upload = bucket.upload(key, query.get('uploadId') ?? '');
  if (!upload) throw new Refusal(404, 'NoSuchUpload');
  return upload;
}

function addPart(question: Question): Answer {
  const number = Number(question.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new Refusal(400, 'InvalidArgument');
  question.bucket.addPart(uploadOf(question), number, question.body);
  return { status: 200, headers: { etag: `"${question.body.md5}"` } };
}

function complete(question: Question): Answer {
  const upload = uploadOf(question);
  onlyNew(question);
  const xml = question.body.bytes === 0 ? '' : readFileSync(question.body.file, 'utf8');
  const listed = [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({ number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]), etag: (/<ETag>(.*?)</.exec(part)?.[1] ?? '').replaceAll('&quot;', '"') }));
  if (listed.length === 0) throw new Refusal(400, 'MalformedXML');
  if (listed.some(({ number }, index) => number <= (listed[index - 1]?.number ?? 0))) throw new Refusal(400, 'InvalidPartOrder');
  const pieces = listed.map(({ number, etag }, index) => {
    const piece = upload.parts.get(number);
    if (!piece || etag.replaceAll('"', '') !== piece.md5) throw new Refusal(400, 'InvalidPart');
    if (piece.bytes < leastPart && index < listed.length - 1) throw new Refusal(400, 'EntityTooSmall');
    return piece;
  });
  const version = question.bucket.complete(upload, pieces);
  return { ...created(version), xml: element('CompleteMultipartUploadResult', element('Key', text(version.key)), element('ETag', text(version.etag))) };
}

function read({ operation, bucket, key, query, request }: Question): Answer {
  const version = bucket.get(key, query.get('versionId') ?? undefined);
  if (!version?.pieces) throw new Refusal(404, query.has('versionId') ? 'NoSuchVersion' : 'NoSuchKey');
  if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== version.etag) throw new Refusal(412, 'PreconditionFailed');
  const size = sizeOf(version.pieces);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = Number(range?.[1] ?? 0);
  if (range && from >= size) throw new Refusal(416, 'InvalidRange');
  const end = Math.min(size, range?.[2] ? Number(range[2]) + 1 : size);
  const headers = { ...created(version).headers, ...version.metadata, 'accept-ranges': 'bytes', 'content-length': String(end - from), ...(range ? { 'content-range': `bytes ${from}-${end - 1}/${size}` } : {}) };
  return { status: range ? 206 : 200, headers, ...(operation === 'GetObject' ? { bytes: { pieces: version.pieces, from, end } } : {}) };
}

async function send(response: ServerResponse, { status, headers = {}, xml, bytes }: Answer, cut: number | undefined): Promise<void> {
  response.writeHead(status, { 'x-amz-request-id': randomUUID(), ...(xml === undefined || xml === '' ? {} : { 'content-type': 'application/xml' }), ...headers });
  let sent = 0;
  for await (const chunk of bytes ? bytesOf(bytes.pieces, bytes.from, bytes.end) : []) {
    if (response.destroyed) return;
    const rest = chunk.subarray(0, (cut ?? Number.POSITIVE_INFINITY) - sent);
    await new Promise<void>((resolve) => { response.write(rest, () => resolve()); });
    sent += rest.length;
    if (cut !== undefined && sent >= cut) { response.destroy(); return; }
  }
  if (cut !== undefined) response.destroy(); else response.end(xml === undefined || xml === '' ? undefined : `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
}
