/** The null engine as a process of its own, for tests and benchmarks. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { freePort } from '../installation.ts';

export interface Seen { path: string; headers: Record<string, string>; body: string; aborted: boolean }

export class NullEngine {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** `intervalMs`: pause between tokens, 0 for none. */
  static async start(options: { tokens: number; intervalMs: number }): Promise<NullEngine> {
    const port = await freePort();
    const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), '--port', String(port),
      '--tokens', String(options.tokens), '--interval-ms', String(options.intervalMs)], { stdio: ['ignore', 'ignore', 'inherit'] });
    const engine = new NullEngine(`http://127.0.0.1:${port}/v1`, child);
    for (let i = 0; i < 100; i++) {
      try {
        const answer = await request(`${engine.url}/models`);
        await answer.body.dump();
        return engine;
      } catch { await sleep(50); }
    }
    child.kill('SIGKILL');
    throw new Error('the null engine did not start');
  }

  /** What it received since the start: bodies and headers, as they came, and whether the sender left before the answer's end. */
  async seen(): Promise<Seen[]> {
    const answer = await request(new URL('/__seen', this.url));
    return await answer.body.json() as Seen[];
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}
