/** The embedded database under the supervisor's watch. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../storage/embedded-postgres/postgres.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '../storage/embedded-postgres/postgres.ts';

export class WatchedPostgres {
  readonly name = 'postgres';
  restarts = 0;
  startedAt = new Date();
  #server: EmbeddedPostgres | undefined;
  #stopping = false;
  readonly #options: EmbeddedPostgresOptions;
  readonly #onRestart: (event: 'died' | 'ready') => void;

  constructor(options: EmbeddedPostgresOptions, onRestart: (event: 'died' | 'ready') => void) {
    this.#options = options;
    this.#onRestart = onRestart;
  }

  get pid(): number { return this.#server?.pid ?? -1; }

  /** @returns the URL for control. */
  async start(): Promise<string> {
    const server = await startEmbeddedPostgres(this.#options);
    this.#server = server;
    this.startedAt = new Date();
    void server.exited.then(() => this.#restart()).catch(() => undefined);
    return server.url;
  }

  async #restart(): Promise<void> {
    if (this.#stopping) return;
    this.#onRestart('died');
    while (!this.#stopping) {
      this.restarts++;
      try {
        await this.start();
        this.#onRestart('ready');
        return;
      } catch { await sleep(500); }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#server?.stop();
  }
}
