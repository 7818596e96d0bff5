/** What was started, on its way to the ledger: told to control as soon as it answers, and until it has taken it. */
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessStart } from '#contract/internal/process-start.ts';

const patienceMs = 10_000;
const againMs = 500;

export class ProcessStarts {
  readonly #socketPath: string;
  #waiting: ProcessStart[] = [];
  #running = false;
  #closed = false;

  constructor(socketPath: string) { this.#socketPath = socketPath; }

  note(start: ProcessStart): void {
    this.#waiting.push(start);
    if (!this.#running) void this.#tell();
  }

  close(): void { this.#closed = true; }

  async #tell(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0 && !this.#closed) {
      const starts = this.#waiting.slice(0, 100);
      if (await this.#send(starts)) this.#waiting = this.#waiting.slice(starts.length); else await sleep(againMs, undefined, { ref: false });
    }
    this.#running = false;
  }

  async #send(starts: ProcessStart[]): Promise<boolean> {
    return await new Promise((resolve) => {
      const asked = request({ socketPath: this.#socketPath, path: '/internal/process-starts', method: 'POST', timeout: patienceMs }, (answer) => { answer.resume(); resolve(answer.statusCode === 200); });
      asked.on('error', () => resolve(false)).on('timeout', () => asked.destroy()).end(JSON.stringify({ starts }));
    });
  }
}
