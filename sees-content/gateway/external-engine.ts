/** An engine that the operator registered: a declared destination. What is known of its isolation is the operator's word. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher, Pool } from 'undici';
import type { FailureCode } from '#contract/error-codes.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import { UpstreamError } from '../worker-host/upstream.ts';
import type { Upstream, UpstreamRequest, UpstreamResponse } from '../worker-host/upstream.ts';
import { EngineConnection } from './engine-connection.ts';
import type { ExternalRoute } from './engine-connection.ts';

/** Milliseconds between two looks at the engine: a ready one is asked seldom, one that is away often. */
const pauses = { ready: 30_000, otherwise: 1000 } as const;
interface Access { pool: Pool; headers: Record<string, string> }

export class ExternalEngine implements Upstream {
  state: 'starting' | 'ready' | 'failed' = 'starting';
  failure: FailureCode | null = null;
  readonly profile: IsolationProfile = { tier: 'external', claim: 'operator_asserted', findings: [] };
  readonly restarts = 0;
  readonly #connection: EngineConnection;
  readonly #closed = new AbortController();
  readonly #listeners: (() => void)[] = [];

  constructor(engine: ExternalRoute) {
    this.#connection = new EngineConnection(engine);
    void this.#watch().catch(() => undefined);
  }

  onChange(listener: () => void): void { this.#listeners.push(listener); }

  #set(state: ExternalEngine['state'], failure: FailureCode | null): void {
    if (this.#closed.signal.aborted || (this.state === state && this.failure === failure)) return;
    this.state = state;
    this.failure = failure;
    for (const listener of this.#listeners) listener();
  }

  async #watch(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const failure = await this.#look();
      this.#set(failure === null ? 'ready' : 'failed', failure);
      await sleep(this.state === 'ready' ? pauses.ready : pauses.otherwise, undefined, { signal: this.#closed.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Asks for the list of models: cheap, and every such server has it. Any answer but a server error means that it is there. */
  async #look(): Promise<FailureCode | null> {
    let access: Access;
    try { access = this.#access(); } catch { return 'credential_unreadable'; }
    try {
      const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(10_000)]);
      const answer = await access.pool.request({ path: this.#connection.path('/models'), method: 'GET', headers: access.headers, signal });
      await answer.body.dump();
      return answer.statusCode < 500 ? null : 'engine_unreachable';
    } catch { return 'engine_unreachable'; }
  }

  /** @throws where a file that the engine needs cannot be read */
  #access(): Access { return { pool: this.#connection.pool(), headers: this.#connection.authorization() }; }

  async send({ path, body, signal }: UpstreamRequest): Promise<UpstreamResponse> {
    let access: Access;
    try { access = this.#access(); } catch {
      this.#set('failed', 'credential_unreadable');
      throw new UpstreamError('deployment_failed');
    }
    const headers = { ...access.headers, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const answer = await requestOnce(access.pool, { path: this.#connection.path(path.slice('/v1'.length)), method: 'POST', headers, body, signal });
    this.#set('ready', null);
    return { status: answer.statusCode, body: answer.body };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#connection.close();
  }
}

/** @throws UpstreamError */
async function requestOnce(pool: Pool, options: Dispatcher.RequestOptions & { signal: AbortSignal }): Promise<Dispatcher.ResponseData> {
  try {
    return await pool.request(options).catch((error: unknown) => {
      if (options.signal.aborted || !wasKeptOpen(error)) throw error;
      // A connection that had been kept open and was closed meanwhile: the engine never saw the request.
      return pool.request(options);
    });
  } catch (error) {
    if (options.signal.aborted) throw new UpstreamError('engine_timeout');
    throw new UpstreamError(isCut(error) ? 'engine_crashed' : 'engine_unreachable');
  }
}

const codeOf = (error: unknown): string => (error instanceof Error ? (error as { code?: string }).code ?? '' : '');
const isCut = (error: unknown): boolean => ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));

/** Whether the connection that was cut had carried an answer before. Where that is not known, it is taken to have. */
function wasKeptOpen(error: unknown): boolean {
  const socket = (error as { socket?: { bytesRead?: number } | null }).socket;
  return isCut(error) && (socket?.bytesRead === undefined || socket.bytesRead > 0);
}
