/** A whole installation for tests: `modelkeep up` on a data folder of its own, driven as its users drive it. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { dataLayout, runFolder, sockets } from '#contract/installation.ts';
import { copyCluster } from '#control/storage/embedded-postgres/cluster-under-test.ts';

export const project = fileURLToPath(new URL('../', import.meta.url));
const bin = join(project, 'bin/modelkeep.mjs');
/** Where the tests keep compiled code, an installation's processes find it too. */
const cached = process.env['NODE_COMPILE_CACHE'] === undefined ? {} : { NODE_OPTIONS: `--import=${new URL('compile-cache.ts', import.meta.url).href}` };

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(address && typeof address === 'object');
  return address.port;
}

export interface Outcome { code: number; stdout: string; stderr: string }
export interface StartOptions { args?: string[]; env?: NodeJS.ProcessEnv; data?: string; port?: number; prefix?: string[]; /** Another copy of the source tree. */ tree?: string }
export interface ProcessStatus { name: string; pid: number; restarts: number }

export class Installation {
  readonly data: string;
  readonly port: number;
  readonly tls: boolean;
  output = '';
  #up: ChildProcess | undefined;
  readonly #options: StartOptions;
  readonly #bin: string;

  constructor(options: StartOptions, port: number) {
    this.#options = options;
    this.#bin = options.tree === undefined ? bin : join(options.tree, 'bin/modelkeep.mjs');
    this.data = options.data ?? mkdtempSync(join(tmpdir(), 'mk-'));
    this.port = port;
    this.tls = options.args?.some((arg) => arg.startsWith('--tls')) ?? false;
  }

  static async start(options: StartOptions = {}): Promise<Installation> {
    const installation = new Installation(options, options.port ?? await freePort());
    // A folder that a test brings is taken as it is: what the first start makes in it is made there.
    if (options.data === undefined && !(options.env?.['DATABASE_URL'] ?? process.env['DATABASE_URL'])) await copyCluster(join(installation.data, dataLayout.postgres));
    await installation.up();
    return installation;
  }

  get origin(): string { return `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.port}`; }
  get run(): string { return runFolder(this.data, process.env['XDG_RUNTIME_DIR'] ?? '/tmp', (text) => createHash('sha256').update(text).digest('hex')); }
  /** Everything that `up` and its processes said on the terminal. */
  get authority(): string { return readFileSync(join(this.data, 'ca.pem'), 'utf8'); }
  get pid(): number { return this.#up?.pid ?? -1; }

  /** Starts `modelkeep up` and waits until it is ready, two minutes at most. */
  async up(): Promise<void> {
    const [command, ...before] = [...(this.#options.prefix ?? []), process.execPath] as unknown as [string, ...string[]];
    const child = spawn(command, [...before, this.#bin, 'up', '--data', this.data, '--port', String(this.port), ...(this.#options.args ?? [])], {
      env: { ...process.env, NO_COLOR: '1', ...cached, ...this.#options.env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#up = child;
    const keep = (chunk: Buffer): void => { this.output += chunk.toString(); };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    await this.waitReady(ended);
  }

  async waitReady(ended?: Promise<number | null>): Promise<void> {
    const deadline = Date.now() + 120_000;
    let exit: number | null | undefined;
    void ended?.then((code) => { exit = code; });
    while (Date.now() < deadline) {
      if (exit !== undefined) throw new Error(`modelkeep up ended with ${String(exit)}:\n${this.output}`);
      if (await this.ready()) return;
      await sleep(100);
    }
    throw new Error(`not ready in time:\n${this.output}`);
  }

  async ready(): Promise<boolean> {
    try {
      const answer = await request(`${this.origin}/readyz`, { dispatcher: insecure, headersTimeout: 2000 });
      await answer.body.dump();
      return answer.statusCode === 200;
    } catch { return false; }
  }

  /** Runs the command line against this installation. */
  async cli(...args: string[]): Promise<Outcome> {
    return await command(process.execPath, [this.#bin, '--data', this.data, ...args], { ...this.#options.env });
  }

  /** Runs it with `--json` and returns the one document that it prints. */
  async json<T = Record<string, never>>(...args: string[]): Promise<T> {
    const outcome = await this.cli(...args, '--json');
    assert.equal(outcome.code, 0, `modelkeep ${args.join(' ')}: ${outcome.stdout}${outcome.stderr}`);
    return JSON.parse(outcome.stdout) as T;
  }

  /** The processes that the supervisor watches. */
  async processes(): Promise<ProcessStatus[]> {
    const agent = new Agent({ connect: { socketPath: join(this.run, sockets.supervisor) } });
    try {
      const answer = await request('http://supervisor/status', { dispatcher: agent });
      return ((await answer.body.json()) as { processes: ProcessStatus[] }).processes;
    } finally { await agent.close(); }
  }

  async stop(): Promise<number | null> {
    const up = this.#up;
    if (!up || up.exitCode !== null || up.signalCode !== null) return up?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => up.once('exit', (code) => resolve(code)));
    up.kill('SIGTERM');
    return await ended;
  }

  async killSupervisor(): Promise<void> {
    const up = this.#up;
    if (!up) return;
    const ended = new Promise((resolve) => up.once('exit', resolve));
    const supervisor = await this.supervisorPid();
    process.kill(supervisor, 'SIGKILL');
    await ended;
  }

  /** Resolves when `up` has ended, by whatever. */
  async ended(): Promise<void> {
    const up = this.#up;
    if (up && up.exitCode === null && up.signalCode === null) await new Promise((resolve) => up.once('exit', resolve));
  }

  /** The supervisor itself, where the launcher script stands before it. */
  async supervisorPid(): Promise<number> {
    const agent = new Agent({ connect: { socketPath: join(this.run, sockets.supervisor) } });
    try {
      const answer = await request('http://supervisor/status', { dispatcher: agent });
      return ((await answer.body.json()) as { pid: number }).pid;
    } finally { await agent.close(); }
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** For readiness only: the certificate's own tests pin the authority. */
const insecure = new Agent({ connect: { rejectUnauthorized: false } });

export async function command(file: string, args: string[], env: NodeJS.ProcessEnv = {}, input?: string): Promise<Outcome> {
  return await new Promise((resolve) => {
    const child = execFile(file, args, { env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr });
    });
    child.stdin?.end(input ?? '');
  });
}
