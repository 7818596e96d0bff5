/** A server that speaks the contract of files and uploads on a socket, keeps digests instead of bytes, and can be told to misbehave. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { FileFields, FileObject } from '#contract/http/files.ts';
import { createUpload, Upload } from '#contract/http/uploads.ts';
import { sockets } from '#contract/installation.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
export const idOf = (prefix: string, number: number): string => `${prefix}_${String(number).padStart(26, '0')}`;

/** A form's fields, and the digest and size of its file; read as it comes. */
export interface Received { fields: Record<string, string>; name: string; bytes: number; sha256: string; first: string }
/** What a test does in the middle of a request; `abort` cuts the connection. */
export interface Middle { bytes: number; abort: () => void }

export class FileServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'mkf-'));
  readonly data = join(this.folder, 'data');
  readonly state = join(this.folder, 'state');
  readonly routes: string[] = [];
  readonly files: Received[] = [];
  /** Parts that have arrived whole, in their order. */
  readonly parts: (Received & { id: string })[] = [];
  readonly uploads = new Map<string, Upload>();
  completed: { part_ids: string[]; md5?: string } | undefined;
  cancelled: string[] = [];
  /** Answers instead of the usual ones, by `METHOD path`; each is used once. */
  instead: Record<string, ((request: IncomingMessage, response: ServerResponse) => void)[]> = {};
  /** Called while a form's file arrives. */
  onChunk: (route: string, middle: Middle) => void | Promise<void> = () => undefined;
  child: ChildProcess | undefined;
  readonly #server = createServer((request, response) => { this.#answer(request, response).catch(() => response.destroy()); });

  async start(): Promise<void> {
    const socket = join(this.data, 'run', sockets.gateway);
    mkdirSync(dirname(socket), { recursive: true });
    this.#server.requestTimeout = 0;
    await new Promise<void>((resolve) => { this.#server.listen(socket, resolve); });
  }
  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
  clear(): void {
    for (const list of [this.routes, this.files, this.parts, this.cancelled]) list.length = 0;
    this.uploads.clear();
    this.completed = undefined;
    this.onChunk = () => undefined;
    this.instead = {};
    rmSync(this.state, { recursive: true, force: true });
  }

  /** Runs the command line against this server. */
  async run(args: string[], { cwd = this.folder, onStart }: { cwd?: string; onStart?: (child: ChildProcess) => void } = {}): Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: Buffer; stderr: string }> {
    return await new Promise((resolve) => {
      const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MODELKEEP_DATA: this.data, MODELKEEP_PROJECT: undefined, XDG_CONFIG_HOME: join(this.folder, 'config'), XDG_STATE_HOME: this.state } });
      this.child = child;
      const out: Buffer[] = [];
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
      child.on('close', (code, signal) => resolve({ code, signal, stdout: Buffer.concat(out), stderr }));
      onStart?.(child);
    });
  }

  file(over: Partial<FileObject>): FileObject {
    return FileObject.parse({
      id: idOf('fil', 1), object: 'file', bytes: 0, created_at: 1_700_000_000, expires_at: null, filename: 'x', purpose: 'user_data', status: 'processed', status_details: null, rows: null,
      datastore: 'default', datastore_id: idOf('dst', 1), geography: 'local', storage: 'sealed', created_by: 'anna', ...over,
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method ?? ''} ${request.url ?? ''}`;
    this.routes.push(route);
    const other = this.instead[route]?.shift();
    if (other) { other(request, response); return; }
    if (route === 'POST /v1/files') { await this.#createFile(route, request, response); return; }
    if (route === 'POST /v1/uploads') { reply(response, this.#begin(createUpload.request.parse(await json(request)))); return; }
    const [, id = '', verb = ''] = /^\w+ \/v1\/uploads\/(\w+)(\/\w+)?$/.exec(route) ?? [];
    const upload = this.uploads.get(id);
    if (!upload) { refuse(response, id === '' ? 'not_found' : 'upload_not_found'); return; }
    if (verb === '/parts') await this.#addPart(route, upload, request, response);
    else if (verb === '/complete') this.#complete(upload, await json(request) as { part_ids: string[]; md5?: string }, response);
    else if (verb === '/cancel') { upload.status = 'cancelled'; this.cancelled.push(id); reply(response, upload); } else reply(response, upload);
  }

  async #createFile(route: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await this.#form(route, request);
    const { purpose } = FileFields.parse(received.fields);
    this.files.push(received);
    reply(response, this.file({ bytes: received.bytes, filename: received.name, purpose, rows: purpose === 'fine-tune' ? 3 : null }));
  }

  #begin({ filename, purpose, bytes }: { filename: string; purpose: FileObject['purpose']; bytes: number }): Upload {
    const upload = Upload.parse({ id: idOf('upl', this.uploads.size + 1), object: 'upload', bytes, created_at: 1, expires_at: 2, filename, purpose, status: 'pending', file: null, parts: [] });
    this.uploads.set(upload.id, upload);
    return upload;
  }

  async #addPart(route: string, upload: Upload, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await this.#form(route, request);
    const part = { id: idOf('prt', this.parts.length + 1), object: 'upload.part' as const, created_at: 1, upload_id: upload.id, bytes: received.bytes };
    this.parts.push({ ...received, id: part.id });
    upload.parts.push(part);
    reply(response, part);
  }

  #complete(upload: Upload, body: { part_ids: string[]; md5?: string }, response: ServerResponse): void {
    if (upload.status !== 'pending') { refuse(response, 'upload_closed'); return; }
    const bytes = body.part_ids.reduce((sum, id) => sum + (upload.parts.find((part) => part.id === id)?.bytes ?? Number.NaN), 0);
    if (bytes !== upload.bytes) { refuse(response, 'upload_incomplete'); return; }
    this.completed = body;
    upload.status = 'completed';
    upload.file = this.file({ bytes, filename: upload.filename, purpose: upload.purpose });
    reply(response, upload);
  }

  /** Constant memory: what stands before the file is kept until the file begins. */
  async #form(route: string, request: IncomingMessage): Promise<Received> {
    const boundary = /boundary=(\S+)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
    const tail = `\r\n--${boundary}--\r\n`;
    const all = Number(request.headers['content-length']);
    const hash = createHash('sha256');
    let head: Buffer | undefined = Buffer.alloc(0);
    let [bytes, expected, seen, first, text] = [0, 0, 0, '', ''];
    let end = Buffer.alloc(0);
    for await (const received of request as AsyncIterable<Buffer>) {
      seen += received.length;
      let chunk = received;
      if (head) {
        head = Buffer.concat([head, received]);
        const at = head.indexOf('\r\n\r\n', head.indexOf('filename="'));
        if (head.indexOf('filename="') < 0 || at < 0) continue;
        text = head.subarray(0, at + 4).toString();
        chunk = head.subarray(at + 4);
        expected = all - (at + 4) - tail.length;
        head = undefined;
      }
      const piece = chunk.subarray(0, Math.max(0, expected - bytes));
      end = Buffer.concat([end, chunk.subarray(piece.length)]);
      if (first === '') first = piece.subarray(0, 40).toString('latin1');
      hash.update(piece);
      bytes += piece.length;
      if (piece.length > 0) await this.onChunk(route, { bytes, abort: () => request.destroy() });
    }
    assert.deepEqual([seen, end.toString(), bytes], [all, tail, expected], 'a form that is well-formed to its last byte');
    const fields = Object.fromEntries([...text.matchAll(/name="(\w+)"\r\n\r\n([^\r]*)\r\n/g)].map(([, field = '', value = '']) => [field, value]));
    return { fields, name: /filename="([^"]*)"/.exec(text)?.[1] ?? '', bytes, sha256: hash.digest('hex'), first };
  }
}

async function json(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as unknown;
}
export const reply = (response: ServerResponse, body: unknown, status = 200): void => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
export function refuse(response: ServerResponse, code: ErrorCode, more: object = {}): void {
  const { status, message, type } = errorCodes[code];
  reply(response, { error: { code, message, type, param: null, ...more } }, status);
}
