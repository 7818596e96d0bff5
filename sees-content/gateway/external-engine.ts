/** An engine that the operator registered: a declared destination. What is known of its isolation is the operator's word. */
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { FailureCode } from '#contract/error-codes.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import type { Route } from '#contract/internal/routing-snapshot.ts';
import { UpstreamError } from '../worker-host/upstream.ts';
import type { Upstream, UpstreamRequest, UpstreamResponse } from '../worker-host/upstream.ts';

export type ExternalRoute = Extract<Route['engine'], { kind: 'external' }>;
const probeEveryMs = 5000;
const idleMs = 120_000;

export class ExternalEngine implements Upstream {
  state: 'starting' | 'ready' | 'failed' = 'starting';
  failure: FailureCode | null = null;
  readonly profile: IsolationProfile = { tier: 'external', claim: 'operator_asserted', findings: [] };
  readonly restarts = 0;
  readonly #engine: ExternalRoute;
  readonly #base: URL;
  readonly #pool: Pool | undefined;
  readonly #closed = new AbortController();
  readonly #listeners: (() => void)[] = [];
  #credential: { value: string; changed: number } | undefined;

  constructor(engine: ExternalRoute) {
    this.#engine = engine;
    this.#base = new URL(engine.url);
    this.#pool = this.#connect();
    if (this.#pool) void this.#watch().catch(() => undefined);
  }

  onChange(listener: () => void): void { this.#listeners.push(listener); }

  /** Undefined where a file that the connection needs cannot be read: it then stays failed until the engine is registered anew. */
  #connect(): Pool | undefined {
    const { caFile, clientCertificateFile, clientKeyFile } = this.#engine;
    try {
      const read = (path: string | null): Buffer | undefined => (path === null ? undefined : readFileSync(path));
      const [ca, cert, key] = [read(caFile), read(clientCertificateFile), read(clientKeyFile)];
      this.#authorization();
      return new Pool(this.#base.origin, {
        connections: 256, pipelining: 1, headersTimeout: 0, bodyTimeout: idleMs, keepAliveTimeout: 4000,
        connect: { timeout: 10_000, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) },
      });
    } catch {
      this.state = 'failed';
      this.failure = 'credential_unreadable';
      return undefined;
    }
  }

  /** Read again when the file changes, so that a credential can be replaced without a restart. */
  #authorization(): Record<string, string> {
    const { credentialFile } = this.#engine;
    if (credentialFile === null) return {};
    const changed = statSync(credentialFile).mtimeMs;
    if (this.#credential?.changed !== changed) this.#credential = { changed, value: readFileSync(credentialFile, 'utf8').trim() };
    return { authorization: `Bearer ${this.#credential.value}` };
  }

  #path(path: string): string { return `${this.#base.pathname.replace(/\/+$/, '')}${path}`; }

  #set(state: ExternalEngine['state'], failure: FailureCode | null): void {
    if (this.state === state && this.failure === failure) return;
    this.state = state;
    this.failure = failure;
    for (const listener of this.#listeners) listener();
  }

  async #watch(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      try {
        const answer = await this.#pool?.request({ path: this.#path('/models'), method: 'GET', headers: this.#authorization(), signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(10_000)]) });
        await answer?.body.dump();
        if (answer && answer.statusCode < 500) this.#set('ready', null); else this.#set('failed', 'engine_unreachable');
      } catch { this.#set('failed', 'engine_unreachable'); }
      await sleep(this.state === 'ready' ? probeEveryMs * 6 : probeEveryMs / 5, undefined, { signal: this.#closed.signal, ref: false }).catch(() => undefined);
    }
  }

  async send(request: UpstreamRequest): Promise<UpstreamResponse> {
    if (!this.#pool) throw new UpstreamError('deployment_failed');
    let headers: Record<string, string>;
    try { headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...this.#authorization() }; } catch { throw new UpstreamError('engine_failed'); }
    const options: Dispatcher.RequestOptions = { path: this.#path(request.path.slice('/v1'.length)), method: 'POST', headers, body: request.body, signal: request.signal };
    const answer = await this.#pool.request(options).catch((error: unknown) => {
      // A connection that was kept open and had been closed meanwhile: nothing was received, so the request is sent once more.
      if (isStale(error) && !request.signal.aborted) return this.#pool?.request(options);
      throw error;
    }).catch((error: unknown) => { throw new UpstreamError(request.signal.aborted ? 'engine_timeout' : isStale(error) ? 'engine_crashed' : 'engine_unreachable'); });
    if (!answer) throw new UpstreamError('engine_unreachable');
    this.#set('ready', null);
    return { status: answer.statusCode, body: answer.body };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#pool?.destroy();
  }
}

function isStale(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: string }).code : undefined;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
