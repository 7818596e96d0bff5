/** The embedded database under the supervisor's watch. */
import { startEmbeddedPostgres } from '../storage/embedded-postgres/postgres.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '../storage/embedded-postgres/postgres.ts';
import { Restarts } from './restarts.ts';
import type { Report } from './restarts.ts';
import type { Watched } from './watched-process.ts';

export class WatchedPostgres implements Watched {
  readonly name = 'postgres';
  readonly restarts = new Restarts();
  startedAt = new Date();
  #server: EmbeddedPostgres | undefined;
  #stopping = false;
  readonly #options: EmbeddedPostgresOptions;
  readonly #report: Report;

  constructor(options: EmbeddedPostgresOptions, report: Report) {
    this.#options = options;
    this.#report = report;
  }

  get pid(): number { return this.#server?.pid ?? -1; }

  /** @returns the URL for control. @throws EmbeddedPostgresError */
  async start(): Promise<string> {
    const server = await startEmbeddedPostgres(this.#options);
    this.#server = server;
    this.startedAt = new Date();
    if (this.#stopping) await server.stop();
    server.exited.then(() => this.#restart()).catch(() => undefined);
    return server.url;
  }

  async #restart(): Promise<void> {
    if (this.#stopping) return;
    this.#report.died(null, null, 0);
    await this.restarts.again(() => this.start(), () => this.#stopping, this.#report);
  }

  /** Fast shutdown: open transactions are rolled back, and nothing is left to recover. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#server?.stop();
  }
}
