/** A process that the supervisor starts, watches and restarts. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readiness } from '#contract/internal/readiness.ts';

export interface WatchedOptions {
  name: string; main: string; env: Record<string, string>; logFile: string;
  /** Called when it died and a restart begins, and when it is ready again. */
  onRestart(event: 'died' | 'ready'): void;
}
export type Ready = Extract<Readiness, { ready: true }>;
export class NotReady extends Error {
  readonly code: string;
  constructor(code: string) { super(code); this.code = code; }
}

const logLimit = 16 * 1024 * 1024;
const pauses = [0, 200, 500, 1000, 2000, 5000];

export class WatchedProcess {
  readonly name: string;
  restarts = 0;
  startedAt = new Date();
  #child: ChildProcess | undefined;
  #stopping = false;
  #log: number | undefined;
  readonly #options: WatchedOptions;

  constructor(options: WatchedOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get pid(): number { return this.#child?.pid ?? -1; }

  /** Starts it and waits until it says that it is ready. @throws NotReady with its code. */
  async start(): Promise<Ready> {
    const { child, ready } = this.#spawn();
    const readiness = await ready;
    child.once('exit', () => { void this.#restart().catch(() => undefined); });
    if (child.exitCode !== null || child.signalCode !== null) throw new NotReady('unexpected');
    return readiness;
  }

  #spawn(): { child: ChildProcess; ready: Promise<Ready> } {
    // No core file may hold what a process had in memory: limit 1 also disarms a core_pattern that is a pipe.
    const child = spawn('prlimit', ['--core=1:1', process.execPath, this.#options.main], {
      env: { ...this.#options.env, MODELKEEP_READY_FD: '3', MODELKEEP_STOP_ON_STDIN_END: '1' }, stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
      // A group of its own: an interrupt typed at the terminal reaches the supervisor alone, which stops everything in order.
      detached: true,
    });
    this.#child = child;
    this.startedAt = new Date();
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => this.#write(chunk));
    return { child, ready: readinessOf(child) };
  }

  async #restart(): Promise<void> {
    for (let attempt = 0; !this.#stopping; attempt++) {
      if (attempt === 0) this.#options.onRestart('died');
      this.restarts++;
      await sleep(pauses[Math.min(attempt, pauses.length - 1)] ?? 5000);
      if (this.#stopping) return;
      try {
        await this.start();
        this.#options.onRestart('ready');
        return;
      } catch { this.#child?.kill('SIGKILL'); }
    }
  }

  #write(chunk: Buffer): void {
    try {
      this.#log ??= openSync(this.#options.logFile, 'a', 0o600);
      writeSync(this.#log, chunk);
      if (statSync(this.#options.logFile).size < logLimit) return;
      closeSync(this.#log);
      this.#log = undefined;
      renameSync(this.#options.logFile, `${this.#options.logFile}.1`);
    } catch { /* a full disk must not stop the service */ }
  }

  /** SIGTERM, and SIGKILL after the grace time (milliseconds). */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(late);
  }
}

/** The line that the process writes on fd 3, or why there will be none. */
async function readinessOf(child: ChildProcess): Promise<Ready> {
  const pipe = child.stdio[3] as Readable;
  return await new Promise((resolve, reject) => {
    let text = '';
    const fail = (code: string): void => reject(new NotReady(code));
    const late = setTimeout(() => fail('unexpected'), 120_000);
    child.once('error', () => fail('unexpected'));
    pipe.on('error', () => undefined);
    pipe.on('close', () => { clearTimeout(late); fail('unexpected'); });
    pipe.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (!text.includes('\n')) return;
      clearTimeout(late);
      const parsed = Readiness.safeParse(JSON.parse(text.split('\n')[0] ?? ''));
      if (!parsed.success) fail('unexpected');
      else if (parsed.data.ready) resolve(parsed.data);
      else fail(parsed.data.code);
    });
  });
}
