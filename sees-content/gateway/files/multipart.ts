/**
 * Reads multipart/form-data (RFC 7578) with one file in it, which is streamed once and never held. Text fields may stand before the file, as some SDKs send them, or after it.
 * Memory is fixed: the file is taken from the connection no faster than it is read.
 */
import type { IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy';
import { Filename } from '#contract/http/files.ts';
import { GatewayError } from '../gateway-error.ts';

/** A client that sends nothing for so long, while it is read, has left. */
const stalledMs = 60_000;
const most = { fields: 10, fieldBytes: 4096, nameBytes: 100, headerBytes: 16_384 };
/** What stands around the file: boundaries, headers, fields. */
const mostAroundBytes = 2 ** 18;

export type Fields = Readonly<Record<string, string>>;

export interface FormLimits {
  /** Bytes of the file. */
  fileBytes: number;
  /** The name of the form's one file. */
  file?: 'file' | 'data';
}

export interface Upload {
  filename: string;
  /** The fields that stood before the file. */
  before: Fields;
  /** To be read once, and to its end: until then nothing after it is read either. Leaving it early ends the reading. Fails as `fields` does. */
  file: AsyncIterable<Buffer>;
  /** All fields, once the body has ended as it should: what was read of the file before then may not be kept. */
  fields: Promise<Fields>;
}

/**
 * Resolves where the file begins.
 * @throws GatewayError unsupported_media_type, invalid_multipart, file_too_large, request_timeout (the client stalled or left)
 */
export async function readForm(request: IncomingMessage, limits: FormLimits): Promise<Upload> {
  return await new FormReader(request, limits).upload;
}

class FormReader {
  readonly upload: Promise<Upload>;
  readonly #request: IncomingMessage;
  readonly #parser: BusboyInstance;
  readonly #limits: Required<FormLimits>;
  readonly #fields = Object.create(null) as Record<string, string>;
  readonly #begun = Promise.withResolvers<Upload>();
  readonly #ended = Promise.withResolvers<Fields>();
  #file: BusboyFileStream | undefined;
  #late: NodeJS.Timeout | undefined;
  #bytes = 0;
  /** The body has ended; its last boundary was read. */
  #whole = false;
  #parsed = false;
  #over = false;

  constructor(request: IncomingMessage, limits: FormLimits) {
    this.#request = request;
    this.#limits = { file: 'file', ...limits };
    if (Number(request.headers['content-length'] ?? 0) > limits.fileBytes + mostAroundBytes) throw new GatewayError('file_too_large', this.#limits.file);
    this.#parser = parserOf(request, this.#limits);
    this.upload = this.#begun.promise;
    // Whoever reads the file learns of a failure there, and may never ask here.
    this.#ended.promise.catch(() => undefined);
    this.#listen();
    if (request.destroyed) this.#left();
  }

  #listen(): void {
    const invalid = (): void => this.#fail(new GatewayError('invalid_multipart'));
    this.#parser.on('field', (name, value, _, cut) => this.#field(name as string | undefined, value, cut)).on('file', (name, file, filename, encoding) => this.#begin(name, file, filename, encoding));
    this.#parser.on('partsLimit', invalid).on('filesLimit', invalid).on('fieldsLimit', invalid).on('error', invalid).on('finish', () => { this.#parsed = true; this.#finish(); }).on('drain', this.#wanted);
    this.#request.on('data', this.#data).once('end', this.#end).once('error', this.#left).once('close', this.#left);
    this.#watch();
  }

  readonly #data = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.fileBytes + mostAroundBytes) { this.#fail(new GatewayError('file_too_large', this.#limits.file)); return; }
    let willing = false;
    try { willing = this.#parser.write(chunk); } catch { this.#fail(new GatewayError('invalid_multipart')); return; }
    if (willing) { this.#watch(); return; }
    // Who does not read now is not the client.
    clearTimeout(this.#late);
    if (!this.#over) this.#request.pause();
  };
  readonly #wanted = (): void => { if (!this.#over) { this.#watch(); this.#request.resume(); } };
  readonly #end = (): void => { this.#whole = true; clearTimeout(this.#late); this.#parser.end(); this.#finish(); };
  readonly #left = (): void => { if (!this.#whole) this.#fail(new GatewayError('request_timeout')); };

  #watch(): void {
    clearTimeout(this.#late);
    if (!this.#over) this.#late = setTimeout(this.#left, stalledMs);
  }

  #field(name: string | undefined, value: string, cut: boolean): void {
    if (name === undefined || Buffer.byteLength(name) > most.nameBytes || cut || name in this.#fields) this.#fail(new GatewayError('invalid_multipart'));
    else this.#fields[name] = value;
  }

  #begin(name: string, file: BusboyFileStream, filename: string | undefined, encoding: string): void {
    file.on('error', () => undefined);
    const { file: expected } = this.#limits;
    // Browsers, and those who do as they do, write a quotation mark so.
    const known = Filename.safeParse(filename?.replaceAll('%22', '"'));
    // An encoding would be kept as it is, and the file with it: nobody sends one, and RFC 7578 deprecates it.
    if (this.#over || name !== expected || !known.success || !/^(?:7bit|8bit|binary)$/.test(encoding)) { file.resume(); this.#fail(new GatewayError('invalid_multipart', expected)); return; }
    this.#file = file;
    file.once('limit', () => this.#fail(new GatewayError('file_too_large', expected)));
    file.once('close', () => { if (!file.readableEnded) this.#fail(new GatewayError('invalid_multipart', expected)); });
    this.#begun.resolve({ filename: known.data, before: Object.assign(Object.create(null) as Record<string, string>, this.#fields), file, fields: this.#ended.promise });
  }

  #finish(): void {
    if (!this.#whole || !this.#parsed || this.#over) return;
    if (!this.#file) { this.#fail(new GatewayError('invalid_multipart', this.#limits.file)); return; }
    this.#stop();
    this.#ended.resolve(this.#fields);
  }

  #fail(error: GatewayError): void {
    if (this.#over) return;
    this.#stop();
    this.#begun.reject(error);
    this.#ended.reject(error);
    this.#file?.destroy(error);
  }

  /** What comes after is nobody's: the request stays open for its answer. */
  #stop(): void {
    this.#over = true;
    clearTimeout(this.#late);
    this.#request.off('data', this.#data).off('end', this.#end).off('close', this.#left);
    if (!this.#whole) this.#request.pause();
  }
}

function parserOf({ headers }: IncomingMessage, { fileBytes, file }: Required<FormLimits>): BusboyInstance {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*(?:;|$)/i.test(type) || (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') throw new GatewayError('unsupported_media_type');
  if (!/;\s*boundary=(?:"[^"]{1,70}"|[^\s";]{1,70})\s*(?:;|$)/i.test(type)) throw new GatewayError('invalid_multipart');
  return new Busboy({
    headers: { 'content-type': type }, isPartAFile: (name, _, filename) => filename !== undefined || name === file,
    limits: { fileSize: fileBytes, files: 1, fields: most.fields, fieldSize: most.fieldBytes, parts: most.fields + 1, headerSize: most.headerBytes, headerPairs: 16 },
  });
}
