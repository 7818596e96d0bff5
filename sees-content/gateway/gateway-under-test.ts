/** The gateway's own process between a control and a custody that the test holds, and engines without a model. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { sockets } from '#contract/installation.ts';
import type { Readiness } from '#contract/internal/readiness.ts';
import type { Credential, Route } from '#contract/internal/routing-snapshot.ts';
import { ControlUnderTest } from './control-under-test.ts';

const hashKey = Buffer.alloc(32, 1);
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
export const id = (prefix: 'dep' | 'prj' | 'key' | 'tok' | 'usr' | 'ses', n: number): string => `${prefix}_${'0'.repeat(24)}${alphabet[n >> 5] ?? '0'}${alphabet[n & 31] ?? '0'}`;
export const projects = { default: id('prj', 0), other: id('prj', 1) } as const;
export const keyFor = (name: string): string => `mk-ek-${Buffer.from(name.padEnd(32, '.')).toString('base64url').slice(0, 43)}`;

export const hashOf = (text: string): string => createHmac('sha256', hashKey).update(text).digest('hex');

export function credential(key: string, more: Partial<Credential>): Credential {
  return { hash: hashOf(key), kind: 'endpoint_key', id: id('key', 0), projectId: projects.default, deploymentId: null, expiresAt: null, ...more };
}

/** A route to an external engine. */
export function routeTo(n: number, name: string, url: string, engine: Partial<Extract<Route['engine'], { kind: 'external' }>> = {}, more: Partial<Route> = {}): Route {
  return {
    id: id('dep', n), name, projectId: projects.default, model: 'some-model', modelDigest: `sha256:${'0'.repeat(64)}`, publisher: 'someone', task: 'chat-completion', createdAt: 1_700_000_000, region: 'local', geography: 'local',
    isolationRequirement: 'operator-asserted', limits: { requestsPerMinute: 0, tokensPerMinute: 0, concurrency: 64, queue: 16, queueTimeoutMs: 10_000 },
    engine: { kind: 'external', name, url, servedModel: 'null', dialect: 'openai', credentialFile: null, caFile: null, clientCertificateFile: null, clientKeyFile: null, contextLength: null, tools: true, ...engine },
    ...more,
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when `holds` does, 10 seconds at most. @throws where it never does */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; !await holds();) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await sleep(10);
  }
}

export class EngineUnderTest {
  readonly port: number;
  readonly #args: string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, args: string[]) {
    this.port = port;
    this.#args = args;
  }

  static async start(...args: string[]): Promise<EngineUnderTest> {
    const engine = new EngineUnderTest(await freePort(), args);
    await engine.start();
    return engine;
  }

  get url(): string { return `http://127.0.0.1:${this.port}/v1`; }

  async start(): Promise<void> {
    const program = fileURLToPath(new URL('../../testing/null-engine/main.ts', import.meta.url));
    this.#child = spawn(process.execPath, [program, '--port', String(this.port), ...this.#args], { stdio: ['ignore', 'ignore', 'inherit'] });
    await until(async () => await request(`${this.url}/models`).then(async ({ body }) => { await body.dump(); return true; }, () => false), 'the engine answers');
  }

  async seen(): Promise<{ path: string; headers: Record<string, string>; body: string; aborted: boolean }[]> {
    const { body } = await request(`http://127.0.0.1:${this.port}/__seen`);
    return await body.json() as Awaited<ReturnType<EngineUnderTest['seen']>>;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

export class GatewayUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), 'mkg-'));
  readonly control: ControlUnderTest;
  origin = '';
  /** Every line that the process said. */
  output = '';
  #custody: Server | undefined;
  #child: ChildProcess | undefined;

  constructor(routes: Route[], credentials: Credential[]) {
    this.control = new ControlUnderTest(this.folder, { version: 1, projects: [{ id: projects.default, name: 'default', suspended: false }, { id: projects.other, name: 'other', suspended: false }], routes, credentials });
  }

  async start(env: Record<string, string> = {}): Promise<Readiness> {
    await this.control.start();
    this.#custody = createServer((asked, response) => {
      void json(asked).then((body) => response.end(JSON.stringify({ key: ((body as { purpose: string }).purpose === 'credential-hash' ? hashKey : Buffer.alloc(32, 2)).toString('base64') }))).catch(() => response.destroy());
    }).listen(join(this.folder, sockets.custody));
    const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
      env: { MODELKEEP_DATA: this.folder, MODELKEEP_RUN: this.folder, MODELKEEP_PORT: '0', MODELKEEP_READY_FD: '3', MODELKEEP_STOP_ON_STDIN_END: '1', ...env },
    });
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    const said = JSON.parse(String((await once(child.stdio[3] as Readable, 'data') as [Buffer])[0])) as Readiness;
    this.origin = said.ready ? said.origin ?? '' : '';
    return said;
  }

  async send(path: string, key: string, body?: object | string | Buffer, headers: Record<string, string> = {}): Promise<Dispatcher.ResponseData> {
    const raw = typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body;
    return await request(this.origin + path, { method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, body: raw ?? null });
  }

  /** The whole answer, with the code of its error where it is one. */
  async ask(path: string, key: string, body?: object | string | Buffer, headers: Record<string, string> = {}): Promise<{ status: number; text: string; code: string | undefined; param: string | null | undefined; headers: Dispatcher.ResponseData['headers'] }> {
    const answer = await this.send(path, key, body, headers);
    const said = await answer.body.text();
    const { error } = (said.startsWith('{') ? JSON.parse(said) : {}) as { error?: { code: string; param: string | null } };
    return { status: answer.statusCode, text: said, code: error?.code, param: error?.param, headers: answer.headers };
  }

  /** Ends it as its supervisor does. @returns its exit code */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill(signal);
    const [code] = await once(child, 'exit') as [number | null];
    return code;
  }

  async stop(): Promise<void> {
    this.control.release();
    await this.end();
    await this.control.goAway();
    this.#custody?.closeAllConnections();
    this.#custody?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
