/** The gateway's side of control's local socket: snapshots in, usage and reports out, management operations through. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { sockets } from '#contract/installation.ts';
import { RoutingSnapshot } from '#contract/internal/routing-snapshot.ts';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import type { WorkerReport } from '#contract/internal/worker-report.ts';
import { events } from './events.ts';
import { RoutingTable } from './routing-table.ts';

const silentMs = 15_000;

export class ControlClient {
  table = RoutingTable.empty;
  connected = false;
  readonly #pool: Pool;
  readonly #listeners: ((table: RoutingTable) => void)[] = [];
  readonly #controller = new AbortController();

  constructor(runFolder: string) {
    this.#pool = new Pool('http://control', { socketPath: join(runFolder, sockets.control), connections: 16, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 60_000, keepAliveTimeout: 3000 });
  }

  /** Called with every new table, and again whenever control is back. */
  onTable(listener: (table: RoutingTable) => void): void { this.#listeners.push(listener); }

  /** Follows control's snapshots for as long as the gateway lives. */
  async follow(): Promise<void> {
    while (!this.#controller.signal.aborted) {
      try { await this.#stream(); } catch { /* control is away: the last table stays */ }
      if (this.connected) events.controlLost();
      this.connected = false;
      await sleep(100, undefined, { signal: this.#controller.signal }).catch(() => undefined);
    }
  }

  async #stream(): Promise<void> {
    const answer = await this.#pool.request({ path: '/internal/routing-snapshots', method: 'GET', bodyTimeout: silentMs, signal: this.#controller.signal });
    let text = '';
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      text += chunk.toString('utf8');
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      // Only the newest of several counts.
      const newest = lines.filter((line) => line !== '').at(-1);
      if (newest !== undefined) this.#apply(newest);
    }
  }

  #apply(line: string): void {
    const table = new RoutingTable(RoutingSnapshot.parse(JSON.parse(line)));
    this.table = table;
    this.connected = true;
    events.snapshotApplied(table.version, table.routes.length, table.credentialCount);
    for (const listener of this.#listeners) listener(table);
  }

  /** Resolves once the records are committed. */
  async sendUsage(records: UsageRecord[]): Promise<void> { await this.#post('/internal/usage', { records }); }
  async sendReports(reports: WorkerReport[]): Promise<void> { await this.#post('/internal/worker-reports', { reports }); }

  async #post(path: string, body: object): Promise<void> {
    const answer = await this.#pool.request({ path, method: 'POST', body: JSON.stringify(body), headersTimeout: 10_000 });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error('control refused');
  }

  async forward(request: { path: string; method: string; headers: Record<string, string>; body: Buffer }): Promise<Dispatcher.ResponseData> {
    return await this.#pool.request({ path: request.path, method: request.method, headers: request.headers, body: request.body.length > 0 ? request.body : null });
  }

  async close(): Promise<void> {
    this.#controller.abort();
    await this.#pool.destroy();
  }
}
