/** The process as its supervisor starts it, for tests. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Readiness } from '#contract/internal/readiness.ts';

export interface Answer { status: number; body: Record<string, unknown> }

export class Custody {
  output = '';
  readonly child: ChildProcess;
  readonly #folder: string;
  readiness: Readiness | undefined;

  /** `folder`: the data folder, with the run folder `run` in it. `orderKey`: of the orders that it obeys. */
  constructor(folder: string, orderKey?: string) {
    this.#folder = folder;
    this.child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: { MODELKEEP_DATA: folder, MODELKEEP_RUN: join(folder, 'run'), MODELKEEP_READY_FD: '3', MODELKEEP_STOP_ON_STDIN_END: '1', ...(orderKey === undefined ? {} : { MODELKEEP_ORDER_KEY: orderKey }) }, stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
  }

  /** Resolves when it has said whether it is ready. */
  static async start(folder: string, orderKey?: string): Promise<Custody> {
    const custody = new Custody(folder, orderKey);
    const [line] = await once(custody.child.stdio[3] as Readable, 'data') as [Buffer];
    custody.readiness = Readiness.parse(JSON.parse(line.toString()));
    return custody;
  }

  /** On a connection of its own: one of a process that was killed is not used again. */
  async ask(path: string, body: string, method = 'POST'): Promise<Answer> {
    return await new Promise((resolve, reject) => {
      request({ socketPath: join(this.#folder, 'run/custody.sock'), path, method, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }));
      }).on('error', reject).end(body);
    });
  }

  /** As `kill -9` ends it: in the middle of whatever it does. */
  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.stdin?.end();
    return (await ended)[0];
  }
}
