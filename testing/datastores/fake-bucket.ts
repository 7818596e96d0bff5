/** A bucket's versions and uploads. Their bytes lie in files, so that a test that measures memory measures the product's. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';

/** `md5`: hexadecimal. */
export interface Piece { file: string; bytes: number; md5: string }
export interface Version { key: string; id: string; /** Null for the mark of a deletion. */ pieces: Piece[] | null; etag: string; metadata: Record<string, string> }
export interface Upload { key: string; id: string; metadata: Record<string, string>; parts: Map<number, Piece> }

const byKey = (a: { key: string; id: string }, b: { key: string; id: string }): number => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));

export class FakeBucket {
  versioned = false;
  /** Newest last. */
  #versions: Version[] = [];
  readonly #uploads = new Map<string, Upload>();

  get(key: string, id?: string): Version | undefined { return this.#versions.findLast((version) => version.key === key && (id === undefined || version.id === id)); }
  /** Current objects, by key. */
  get objects(): Version[] { return this.versions.filter((version) => version.pieces && this.get(version.key) === version); }
  /** By key, the newest of each first. */
  get versions(): Version[] { return [...this.#versions].reverse().sort(byKey); }
  get uploads(): Upload[] { return [...this.#uploads.values()].sort(byKey); }
  upload(key: string, id: string): Upload | undefined { const found = this.#uploads.get(id); return found?.key === key ? found : undefined; }

  put(key: string, pieces: Piece[], etag: string, metadata: Record<string, string>): Version {
    if (!this.versioned) this.#drop(this.#versions.filter((version) => version.key === key));
    const version = { key, id: this.versioned ? randomUUID() : 'null', pieces, etag, metadata };
    this.#versions.push(version);
    return version;
  }

  /** @returns the mark, where it made one */
  delete(key: string, id?: string): Version | undefined {
    if (id !== undefined || !this.versioned) { this.#drop(this.#versions.filter((version) => version.key === key && (id === undefined || version.id === id))); return undefined; }
    const mark = { key, id: randomUUID(), pieces: null, etag: '', metadata: {} };
    this.#versions.push(mark);
    return mark;
  }

  start(key: string, metadata: Record<string, string>): Upload {
    const upload = { key, id: randomUUID(), metadata, parts: new Map<number, Piece>() };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  addPart(upload: Upload, number: number, piece: Piece): void {
    const former = upload.parts.get(number);
    if (former) rmSync(former.file, { force: true });
    upload.parts.set(number, piece);
  }

  complete(upload: Upload, pieces: Piece[]): Version {
    this.#uploads.delete(upload.id);
    const digests = Buffer.concat(pieces.map(({ md5 }) => Buffer.from(md5, 'hex')));
    return this.put(upload.key, pieces, `"${createHash('md5').update(digests).digest('hex')}-${pieces.length}"`, upload.metadata);
  }

  abort(upload: Upload): void {
    this.#uploads.delete(upload.id);
    for (const { file } of upload.parts.values()) rmSync(file, { force: true });
  }

  #drop(versions: Version[]): void {
    for (const { file } of versions.flatMap(({ pieces }) => pieces ?? [])) rmSync(file, { force: true });
    this.#versions = this.#versions.filter((version) => !versions.includes(version));
  }
}

export const sizeOf = (pieces: Piece[]): number => pieces.reduce((sum, { bytes }) => sum + bytes, 0);

/** Bytes `from` up to, without, `end`. */
export async function* bytesOf(pieces: Piece[], from: number, end: number): AsyncGenerator<Buffer> {
  let before = 0;
  for (const { file, bytes } of pieces) {
    const first = Math.max(0, from - before);
    const last = Math.min(bytes, end - before) - 1;
    if (first <= last) yield* createReadStream(file, { start: first, end: last }) as AsyncIterable<Buffer>;
    before += bytes;
  }
}
