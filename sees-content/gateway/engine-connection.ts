/** The connections to an external engine, and the files that they need: read by the gateway alone, and again when they change. */
import { readFileSync, statSync } from 'node:fs';
import { Pool } from 'undici';
import type { Route } from '#contract/internal/routing-snapshot.ts';

export type ExternalRoute = Extract<Route['engine'], { kind: 'external' }>;

/** An engine that sends nothing for so long, in milliseconds, within an answer has hung. */
const idleMs = 120_000;

export class EngineConnection {
  readonly #engine: ExternalRoute;
  readonly #base: URL;
  #pool: { pool: Pool; changed: string } | undefined;
  #credential: { value: string; changed: string } | undefined;

  constructor(engine: ExternalRoute) {
    this.#engine = engine;
    this.#base = new URL(engine.url);
  }

  /** `path` below the engine's base URL. */
  path(path: string): string { return `${this.#base.pathname.replace(/\/+$/, '')}${path}`; }

  /** @throws where the credential file cannot be read */
  authorization(): Record<string, string> {
    const { credentialFile } = this.#engine;
    if (credentialFile === null) return {};
    const changed = state(credentialFile);
    if (this.#credential?.changed !== changed) this.#credential = { changed, value: readFileSync(credentialFile, 'utf8').trim() };
    return { authorization: `Bearer ${this.#credential.value}` };
  }

  /** Connections that trust and show what the files say now. @throws where one of them cannot be read */
  pool(): Pool {
    const { caFile, clientCertificateFile, clientKeyFile } = this.#engine;
    const changed = [caFile, clientCertificateFile, clientKeyFile].map((file) => (file === null ? '' : state(file))).join();
    if (this.#pool?.changed !== changed) {
      const read = (file: string | null, name: 'ca' | 'cert' | 'key'): Record<string, Buffer> => (file === null ? {} : { [name]: readFileSync(file) });
      const tls = { ...read(caFile, 'ca'), ...read(clientCertificateFile, 'cert'), ...read(clientKeyFile, 'key') };
      const former = this.#pool?.pool;
      this.#pool = { changed, pool: new Pool(this.#base.origin, {
        connections: 1024, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: idleMs, keepAliveTimeout: 4000, connect: { timeout: 10_000, ...tls },
      }) };
      // What is under way on the former connections ends there.
      void former?.close().catch(() => undefined);
    }
    return this.#pool.pool;
  }

  async close(): Promise<void> { await this.#pool?.pool.destroy(); }
}

function state(file: string): string {
  const { mtimeMs, size, ino } = statSync(file);
  return `${mtimeMs}:${size}:${ino}`;
}
