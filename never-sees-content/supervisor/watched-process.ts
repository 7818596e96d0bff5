/** A process that the supervisor starts, watches and restarts. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { LogFile } from './log-file.ts';
import { NotReady, readinessOf } from './readiness.ts';
import type { Ready } from './readiness.ts';
import { Restarts } from './restarts.ts';
import type { Report } from './restarts.ts';

/** What the supervisor knows and does about each thing that it watches. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: Date;
  readonly restarts: Restarts;
  /** Asks it to end, and ends it after `graceMs`. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

export interface WatchedOptions {
  name: string;
  /** Absolute path of its main file. */
  main: string;
  env: Record<string, string>;
  log: LogFile;
  /** `discarded` where an uncaught error could print content. */
  stderr: 'discarded' | 'counted';
  /** Given to it on file descriptor 4, and nowhere else. */
  secret?: string;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

export class WatchedProcess implements Watched {
  readonly name: string;
  readonly restarts = new Restarts();
  startedAt = new Date();
  #child: ChildProcess | undefined;
  #stderrLines = 0;
  #stopping = false;
  readonly #options: WatchedOptions;
  readonly #report: Report;

  constructor(options: WatchedOptions, report: Report) {
    this.name = options.name;
    this.#options = options;
    this.#report = report;
  }

  get pid(): number { return this.#child?.pid ?? -1; }

  /** Starts it and waits until it says that it is ready. @throws NotReady with its code. */
  async start(): Promise<Ready> {
    if (this.#stopping) throw new NotReady('unexpected');
    const child = this.#spawn();
    try {
      const ready = await readinessOf(child);
      if (hasEnded(child)) throw new NotReady('unexpected');
      child.once('exit', (code, signal) => { this.#restart(code, signal).catch(() => undefined); });
      return ready;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  #spawn(): ChildProcess {
    // No core file may hold what a process had in memory: limit 1 also disarms a core_pattern that is a pipe.
    // Buffers that are passed on are given back four times as often as by default: a file of gigabytes goes through in less memory.
    const child = spawn('prlimit', ['--core=1:1', process.execPath, '--max-semi-space-size=8', this.#options.main], {
      env: { ...this.#options.env, MODELKEEP_READY_FD: '3', MODELKEEP_STOP_ON_STDIN_END: '1' },
      stdio: ['pipe', 'pipe', this.#options.stderr === 'counted' ? 'pipe' : 'ignore', 'pipe', ...(this.#options.secret === undefined ? [] : ['pipe' as const])],
      // A group of its own: an interrupt typed at the terminal reaches the supervisor alone, which stops everything in order.
      detached: true,
    });
    this.#child = child;
    this.#stderrLines = 0;
    this.startedAt = new Date();
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    const pipe = child.stdio[4];
    if (pipe && 'end' in pipe) pipe.on('error', () => undefined).end(this.#options.secret);
    child.stdout?.on('data', (chunk: Buffer) => this.#options.log.write(chunk)).on('error', () => undefined);
    child.stderr?.on('data', (chunk: Buffer) => { for (const byte of chunk) if (byte === 10) this.#stderrLines++; }).on('error', () => undefined);
    return child;
  }

  async #restart(code: number | null, signal: string | null): Promise<void> {
    if (this.#stopping) return;
    this.#report.died(code, signal, this.#stderrLines);
    await this.restarts.again(() => this.start(), () => this.#stopping, this.#report);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || hasEnded(child)) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(late);
  }
}
