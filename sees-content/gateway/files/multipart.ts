/**
 * Reads multipart/form-data (RFC 7578) with one file in it, which is streamed once and never held. Text fields may stand before the file, as some SDKs send them, or after it.
 * Memory is fixed: the file is taken from the connection no faster than it is read.
 */
import type { IncomingMessage } from 'node:http';
import { Filename } from '#contract/http/files.ts';
import { GatewayError } from '../gateway-error.ts';
import { MultipartBody } from './multipart-body.ts';
import { decode, parsePartHeaders } from './part-headers.ts';

const most = { fields: 10, fieldBytes: 4096, nameBytes: 100 };
/** What stands around the file: boundaries, headers, fields. */
const mostAroundBytes = 2 ** 18;

export type Fields = Readonly<Record<string, string>>;

export interface FormLimits {
  /** Bytes of the file. */
  fileBytes: number;
  /** The name of the form's one file; `file` by default. */
  file?: 'file' | 'data';
}

export interface Upload {
  filename: string;
  /** The fields that stood before the file. */
  before: Fields;
  /** To be read once. It ends only after the whole body has arrived as it should; where it fails, or is left early, nothing of it may be kept. */
  file: AsyncIterable<Buffer>;
  /** All fields, as soon as `file` has ended. Not to be awaited before. */
  fields: Promise<Fields>;
}

/**
 * Resolves where the file begins.
 * @throws GatewayError unsupported_media_type, invalid_multipart, file_too_large, request_timeout (the client stalled or left): here, or while the file is read
 */
export async function readForm(request: IncomingMessage, limits: FormLimits): Promise<Upload> {
  const { file = 'file', fileBytes } = limits;
  const boundary = boundaryOf(request);
  const mostBytes = fileBytes + mostAroundBytes;
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw new GatewayError('file_too_large', file);
  const form = new FormReader(new MultipartBody(request, boundary, mostBytes), { file, fileBytes });
  const filename = await form.nextFile();
  if (filename === undefined) throw new GatewayError('invalid_multipart', file);
  return { filename, before: { ...form.fields }, file: form.content(), fields: form.complete };
}

class FormReader {
  readonly fields = Object.create(null) as Record<string, string>;
  readonly #body: MultipartBody;
  readonly #limits: Required<FormLimits>;
  readonly #complete = Promise.withResolvers<Fields>();

  constructor(body: MultipartBody, limits: Required<FormLimits>) {
    this.#body = body;
    this.#limits = limits;
    // Whoever reads the file learns of a failure there, and may never ask here.
    this.complete.catch(() => undefined);
  }

  get complete(): Promise<Fields> { return this.#complete.promise; }

  /** Takes fields until a file begins; undefined at the end of the body. */
  async nextFile(): Promise<string | undefined> {
    for (let bytes = await this.#body.headers(); bytes; bytes = await this.#body.headers()) {
      const { name, filename } = parsePartHeaders(bytes);
      if (name === this.#limits.file || filename !== undefined) return this.#nameOf(name, filename);
      await this.#field(name);
    }
    return undefined;
  }

  #nameOf(name: string, filename: string | undefined): string {
    const known = Filename.safeParse(filename);
    if (name !== this.#limits.file || !known.success || known.data === '.' || known.data === '..') throw new GatewayError('invalid_multipart', this.#limits.file);
    return known.data;
  }

  async #field(name: string): Promise<void> {
    if (Buffer.byteLength(name) > most.nameBytes || name in this.fields || Object.keys(this.fields).length === most.fields) throw new GatewayError('invalid_multipart');
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.#body.content()) {
      size += chunk.length;
      if (size > most.fieldBytes) throw new GatewayError('invalid_multipart');
      chunks.push(chunk);
    }
    this.fields[name] = decode(Buffer.concat(chunks));
  }

  async *content(): AsyncGenerator<Buffer, void> {
    const { file, fileBytes } = this.#limits;
    try {
      let size = 0;
      for await (const chunk of this.#body.content()) {
        size += chunk.length;
        if (size > fileBytes) throw new GatewayError('file_too_large', file);
        yield chunk;
      }
      if (await this.nextFile() !== undefined) throw new GatewayError('invalid_multipart', file);
      this.#complete.resolve(this.fields);
    } catch (error) {
      this.#complete.reject(error);
      throw error;
    } finally {
      // Without effect where it was settled: somebody left the file early.
      this.#complete.reject(new GatewayError('invalid_multipart', file));
    }
  }
}

function boundaryOf({ headers }: IncomingMessage): string {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data[ \t]*(?:;|$)/i.test(type) || (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') throw new GatewayError('unsupported_media_type');
  const [, quoted, token] = /;[ \t]*boundary=(?:"([^"\\]{1,70})"|([^\s";,]{1,70}))[ \t]*(?:;|$)/i.exec(type) ?? [];
  const boundary = quoted ?? token;
  if (boundary === undefined) throw new GatewayError('invalid_multipart');
  return boundary;
}
