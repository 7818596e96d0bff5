/** One embedded engine: one file and its settings, in a worker that is started again when it dies. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureCode } from '#contract/error-codes.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import type { LoadRequest } from '#contract/internal/worker-protocol.ts';
import type { Environment } from './isolation/environment.ts';
import { UpstreamError } from './upstream.ts';
import type { Upstream, UpstreamRequest, UpstreamResponse } from './upstream.ts';
import { Worker, WorkerFailure } from './worker.ts';

export interface PoolSpec {
  artifactPath: string; load: LoadRequest; requirement: 'required' | 'best-effort'; uidOffset: number;
  /** Bytes for the worker's private memory. */
  memoryLimit: number;
  /** Worker program, relative to the project. */
  worker?: string;
}
const pauses = [0, 500, 2000, 5000, 15_000, 30_000];
/** A worker that lived this long was well: the count of its crashes begins anew. */
const healthyMs = 60_000;

export class WorkerPool implements Upstream {
  state: 'starting' | 'ready' | 'failed' = 'starting';
  failure: FailureCode | null = null;
  profile: IsolationProfile | null = null;
  restarts = 0;
  readonly #spec: PoolSpec;
  readonly #environment: Environment;
  readonly #listeners: (() => void)[] = [];
  #worker: Worker | undefined;
  #closed = false;
  readonly #ended: Promise<void>;

  constructor(spec: PoolSpec, environment: Environment) {
    this.#spec = spec;
    this.#environment = environment;
    this.#ended = this.#keepRunning();
  }

  get pid(): number { return this.#worker?.pid ?? -1; }
  onChange(listener: () => void): void { this.#listeners.push(listener); }

  async send(request: UpstreamRequest): Promise<UpstreamResponse> {
    const worker = this.#worker;
    if (worker && this.state === 'ready') return await worker.send(request);
    if (this.state === 'failed') throw new UpstreamError(this.failure === 'isolation_unavailable' ? 'isolation_unavailable' : 'deployment_failed');
    throw new UpstreamError(this.restarts > 0 ? 'engine_crashed' : 'deployment_not_ready');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.stop();
    await Promise.race([this.#ended, sleep(2000)]);
  }

  #set(state: WorkerPool['state'], failure: FailureCode | null, profile = this.profile): void {
    this.state = state;
    this.failure = failure;
    this.profile = profile;
    for (const listener of this.#listeners) listener();
  }

  async #keepRunning(): Promise<void> {
    for (let failures = 0; !this.#closed;) {
      const started = performance.now();
      try {
        const worker = await Worker.start({ worker: this.#spec.worker ?? 'sees-content/inference-worker/main.ts', weightsPath: this.#spec.artifactPath, uidOffset: this.#spec.uidOffset, memoryLimit: this.#spec.memoryLimit, threads: this.#spec.load.threads }, this.#spec.load, this.#spec.requirement, this.#environment);
        this.#worker = worker;
        if (this.#closed) { await worker.stop(); return; }
        this.#set('ready', null, worker.profile);
        await worker.exited;
        this.#worker = undefined;
        if (this.#closed) return;
        failures = performance.now() - started > healthyMs ? 1 : failures + 1;
        this.restarts++;
        // A worker that keeps dying is said to have failed, and still tried again now and then.
        this.#set(failures > 4 ? 'failed' : 'starting', failures > 4 ? 'worker_crashed' : null);
      } catch (error) {
        failures++;
        this.restarts++;
        this.#set('failed', error instanceof WorkerFailure ? error.code : 'unexpected', error instanceof WorkerFailure ? error.profile : this.profile);
        // What the machine cannot enforce now it will not enforce in a second.
        if (this.failure === 'isolation_unavailable') failures = Math.max(failures, pauses.length);
      }
      await sleep(pauses[Math.min(failures - 1, pauses.length - 1)] ?? 30_000, undefined, { ref: false });
    }
  }
}
