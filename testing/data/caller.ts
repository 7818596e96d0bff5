/** Somebody who uses files over HTTP: with a key, a session, through the local door, or with nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Agent, FormData, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { FileObject, FilePurpose } from '#contract/http/files.ts';
import type { Upload, UploadPart } from '#contract/http/uploads.ts';
import { sockets } from '#contract/installation.ts';
import type { Installation } from '../installation.ts';

/** `whole`: the connection did not break before the body's end. */
export interface Answer { status: number; code: string | undefined; body: Record<string, unknown>; bytes: Buffer; whole: boolean; headers: Dispatcher.ResponseData['headers'] }
type Method = 'GET' | 'POST' | 'DELETE' | 'HEAD';
type Headers = Record<string, string>;
export interface Kept { purpose?: FilePurpose; filename?: string; datastore?: string }

export class Caller {
  readonly name: string;
  readonly origin: string;
  readonly headers: Headers;
  readonly #agent: Agent;

  private constructor(name: string, origin: string, headers: Headers, socketPath?: string) {
    [this.name, this.origin, this.headers] = [name, origin, headers];
    this.#agent = new Agent({ connections: 64, headersTimeout: 120_000, bodyTimeout: 120_000, ...(socketPath === undefined ? {} : { connect: { socketPath } }) });
  }

  static nobody({ origin }: Installation): Caller { return new Caller('nobody', origin, {}); }
  static withKey({ origin }: Installation, key: string, name = 'key', project?: string): Caller { return new Caller(name, origin, { authorization: `Bearer ${key}`, ...chosen(project) }); }
  static local({ run }: Installation, project?: string): Caller { return new Caller('local user', 'http://localhost', chosen(project), join(run, sockets.gateway)); }

  /** A token that the user of `up`, an operator, has made. */
  static async operatorsToken(installation: Installation, name: string, project = 'default'): Promise<Caller> {
    const { token } = await installation.json<{ token: string }>('--project', project, 'tokens', 'create', name);
    return Caller.withKey(installation, token, name);
  }

  /** A new account, signed in. */
  static async person(installation: Installation, name: string, role: 'reader' | 'member' | 'administrator', { project = 'default', everywhere = false } = {}): Promise<Caller> {
    const { link } = await installation.json<{ link: { url: string } }>('--project', project, 'people', 'add', name, role, ...(everywhere ? ['--everywhere'] : []));
    const answer = await Caller.nobody(installation).ask('POST', '/api/session', { method: 'link', code: new URL(link.url).hash.slice(1) });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return new Caller(name, installation.origin, { cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '', 'x-modelkeep-csrf': String(answer.body['csrf']), ...chosen(project) });
  }

  /** The same, in a project of their choice. */
  inProject(project: string): Caller { return new Caller(`${this.name} in ${project}`, this.origin, { ...this.headers, ...chosen(project) }); }

  async ask(method: Method, path: string, body?: object | FormData, headers: Headers = {}): Promise<Answer> {
    const form = body instanceof FormData;
    const answer = await request(this.origin + path, {
      method, dispatcher: this.#agent, headers: { ...(body && !form ? { 'content-type': 'application/json' } : {}), ...this.headers, ...headers }, body: body ? (form ? body : JSON.stringify(body)) : null,
    });
    const chunks: Buffer[] = [];
    let whole = true;
    try { for await (const chunk of answer.body as AsyncIterable<Buffer>) chunks.push(chunk); } catch { whole = false; }
    const bytes = Buffer.concat(chunks);
    const said = parsed(bytes);
    return { status: answer.statusCode, code: (said['error'] as { code?: string } | undefined)?.code, body: said, bytes, whole, headers: answer.headers };
  }

  async upload(bytes: Buffer | string, { purpose = 'user_data', filename = 'data.bin', datastore }: Kept = {}): Promise<Answer> {
    const form = new FormData();
    form.append('purpose', purpose);
    if (datastore !== undefined) form.append('datastore', datastore);
    form.append('file', new Blob([bytes]), filename);
    return await this.ask('POST', '/v1/files', form);
  }

  async stored(bytes: Buffer | string, kept: Kept = {}): Promise<FileObject> { return accepted(await this.upload(bytes, kept)); }
  async content(file: string, headers: Headers = {}): Promise<Answer> { return await this.ask('GET', `/v1/files/${file}/content`, undefined, headers); }
  async show(file: string): Promise<Answer> { return await this.ask('GET', `/v1/files/${file}`); }
  async list(): Promise<FileObject[]> { return accepted<{ data: FileObject[] }>(await this.ask('GET', '/v1/files')).data; }
  async remove(file: string): Promise<Answer> { return await this.ask('DELETE', `/v1/files/${file}`); }

  async begin(bytes: number, { purpose = 'user_data', filename = 'parts.bin' }: Kept = {}): Promise<Upload> {
    return accepted(await this.ask('POST', '/v1/uploads', { purpose, filename, bytes, mime_type: 'application/octet-stream' }));
  }
  async addPart(upload: string, bytes: Buffer | string): Promise<Answer> {
    const form = new FormData();
    form.append('data', new Blob([bytes]), 'part');
    return await this.ask('POST', `/v1/uploads/${upload}/parts`, form);
  }
  async part(upload: string, bytes: Buffer | string): Promise<UploadPart> { return accepted(await this.addPart(upload, bytes)); }
  async complete(upload: string, parts: string[]): Promise<Answer> { return await this.ask('POST', `/v1/uploads/${upload}/complete`, { part_ids: parts }); }
  async cancel(upload: string): Promise<Answer> { return await this.ask('POST', `/v1/uploads/${upload}/cancel`, {}); }

  async close(): Promise<void> { await this.#agent.destroy(); }
}

const chosen = (project: string | undefined): Headers => (project === undefined ? {} : { 'x-modelkeep-project': project });

/** What an answer says, where it was not refused. */
export function accepted<T>({ status, body, whole }: Answer): T {
  assert.ok(status < 300 && whole, `${status} ${JSON.stringify(body)}`);
  return body as T;
}

function parsed(bytes: Buffer): Record<string, unknown> {
  if (bytes[0] !== 0x7b || bytes.length > 1e6) return {};
  try { return JSON.parse(bytes.toString()) as Record<string, unknown>; } catch { return {}; }
}

/** Lines that any chat model could be trained on, at least `bytes` long. */
export function chatRows(text: string, bytes = 0): string {
  const line = `${JSON.stringify({ messages: [{ role: 'user', content: text }, { role: 'assistant', content: `So it is: ${text}` }] })}\n`;
  return line.repeat(Math.max(1, Math.ceil(bytes / line.length)));
}
