/** Keeps an engine running for every deployment of the routing table: one pool for all deployments that share a model file and its settings. */
import { createHmac } from 'node:crypto';
import type { Route } from '#contract/internal/routing-snapshot.ts';
import type { WorkerReport } from '#contract/internal/worker-report.ts';
import { detectEnvironment } from '../worker-host/isolation/environment.ts';
import type { Upstream } from '../worker-host/upstream.ts';
import { WorkerPool } from '../worker-host/worker-pool.ts';
import { Admission } from './admission.ts';
import type { GatewayConfig } from './config.ts';
import { events } from './events.ts';
import { ExternalEngine } from './external-engine.ts';
import type { RoutingTable } from './routing-table.ts';

/** Memory beyond the weights: engine, context and the process itself. */
const workingMemory = 6 * 2 ** 30;

export class Upstreams {
  readonly #config: GatewayConfig;
  readonly #scopeKey: Buffer;
  readonly #report: (reports: WorkerReport[]) => Promise<void>;
  readonly #pools = new Map<string, Upstream>();
  readonly #byRoute = new Map<string, { key: string; upstream: Upstream; admission: Admission }>();
  readonly #scopes = new Map<string, string>();
  #serial = 0;
  #reporting = false;
  #closed = false;

  constructor(config: GatewayConfig, scopeKey: Buffer, report: (reports: WorkerReport[]) => Promise<void>) {
    this.#config = config;
    this.#scopeKey = scopeKey;
    this.#report = report;
  }

  upstreamOf(route: Route): Upstream | undefined { return this.#byRoute.get(route.id)?.upstream; }

  admissionOf(route: Route): Admission {
    const found = this.#byRoute.get(route.id);
    if (!found) throw new Error('no such route');
    return found.admission;
  }

  /** What engines may share state within: derived from the project by a key that only this process has. */
  cacheScopeOf(projectId: string): string {
    const known = this.#scopes.get(projectId);
    if (known !== undefined) return known;
    const scope = createHmac('sha256', this.#scopeKey).update(projectId).digest('hex');
    this.#scopes.set(projectId, scope);
    return scope;
  }

  apply(table: RoutingTable): void {
    const wanted = new Set<string>();
    const running = table.running;
    for (const route of running) {
      const key = keyOf(route);
      wanted.add(key);
      const upstream = this.#pools.get(key) ?? this.#open(key, route);
      const known = this.#byRoute.get(route.id);
      known?.admission.update(route.limits);
      this.#byRoute.set(route.id, { key, upstream, admission: known?.admission ?? new Admission(route.limits) });
    }
    const routes = new Set(running.map((route) => route.id));
    for (const id of this.#byRoute.keys()) if (!routes.has(id)) this.#byRoute.delete(id);
    for (const [key, upstream] of this.#pools) {
      if (wanted.has(key)) continue;
      this.#pools.delete(key);
      void upstream.close().catch(() => undefined);
    }
    this.reportSoon();
  }

  #open(key: string, route: Route): Upstream {
    const upstream = route.engine.kind === 'external' ? new ExternalEngine(route.engine) : this.#openPool(route, route.engine);
    upstream.onChange(() => {
      events.workerChanged(route.engine.kind === 'embedded' ? route.engine.artifactDigest : 'external', upstream.state, upstream.failure, upstream.restarts, upstream.profile?.tier ?? null);
      this.reportSoon();
    });
    this.#pools.set(key, upstream);
    return upstream;
  }

  #openPool(route: Route, engine: Extract<Route['engine'], { kind: 'embedded' }>): WorkerPool {
    const { workerThreads: threads, workerSequences: sequences, forceTier } = this.#config;
    return new WorkerPool({
      artifactPath: engine.artifactPath, uidOffset: ++this.#serial, requirement: route.isolationRequirement === 'best-effort' ? 'best-effort' : 'required', memoryLimit: engine.artifactSize + workingMemory,
      load: { task: route.task, contextLength: engine.contextLength, sequences, threads, embeddingLength: engine.embeddingLength, tools: engine.tools },
    }, detectEnvironment(forceTier));
  }

  /** Tells control the state of every deployment, now and whenever it changed: several changes of one moment together, and again where control did not take it. */
  reportSoon(afterMs = 20): void {
    if (this.#reporting || this.#closed) return;
    this.#reporting = true;
    setTimeout(() => {
      this.#reporting = false;
      const reports = [...this.#byRoute].map(([deploymentId, { upstream }]): WorkerReport => ({ deploymentId, state: upstream.state, failure: upstream.failure, isolation: upstream.profile, restarts: upstream.restarts }));
      if (reports.length > 0) this.#report(reports).catch(() => this.reportSoon(1000));
    }, afterMs).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values()].map((upstream) => upstream.close()));
  }
}

/** Deployments with the same key share an engine. Tools change what the worker answers, tasks what it loads. */
function keyOf(route: Route): string {
  const { engine } = route;
  if (engine.kind === 'embedded') return JSON.stringify(['embedded', engine.artifactDigest, engine.artifactPath, engine.contextLength, route.task, engine.tools, route.isolationRequirement === 'best-effort']);
  return JSON.stringify(engine);
}
