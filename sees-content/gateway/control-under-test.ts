/** Control as the gateway knows it: an HTTP server on a local socket that pushes snapshots, takes usage and reports, and can go away or keep the gateway waiting. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sockets } from '#contract/installation.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { ReceiptLeaf } from '#contract/internal/receipt-leaf.ts';
import { UsageBatch } from '#contract/internal/usage-record.ts';
import type { RoutingSnapshot } from '#contract/internal/routing-snapshot.ts';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import { WorkerReports } from '#contract/internal/worker-report.ts';
import type { WorkerReport } from '#contract/internal/worker-report.ts';

export class ControlUnderTest {
  /** Every record that arrived, in order; again where it was sent again. */
  readonly arrived: UsageRecord[] = [];
  /** Every leaf of a receipt that arrived. */
  readonly leaves: ReceiptLeaf[] = [];
  /** What was committed, by request id. */
  readonly committed = new Map<string, UsageRecord>();
  reports: WorkerReport[] = [];
  /** Management operations that arrived: `GET /api/x`, with the principal. */
  readonly forwarded: { line: string; principal: string; body: string }[] = [];
  /** Who a session is, by the keyed hash of its cookie. */
  readonly sessions = new Map<string, Principal>();
  /** How many times the next reports are refused. */
  reportsRefused = 0;
  #snapshot: RoutingSnapshot;
  readonly #path: string;
  readonly #followers = new Set<ServerResponse>();
  #server: Server | undefined;
  #held: (() => void)[] | undefined;

  constructor(runFolder: string, snapshot: RoutingSnapshot) {
    this.#path = join(runFolder, sockets.control);
    this.#snapshot = snapshot;
  }

  get snapshot(): RoutingSnapshot { return this.#snapshot; }

  push(changes: Partial<RoutingSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes, version: this.#snapshot.version + 1 };
    for (const follower of this.#followers) follower.write(`${JSON.stringify(this.#snapshot)}\n`);
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => { this.#answer(request, response).catch(() => response.destroy()); });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#path, resolve));
  }

  /** As a crash: every connection is cut. */
  async goAway(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => { if (server) server.close(resolve); else resolve(undefined); });
  }

  /** From now on usage arrives and is not committed. */
  hold(): void { this.#held = []; }
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const commit of held) commit();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const say = (status: number, answer: object): void => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer)); };
    switch (request.url) {
      case '/internal/routing-snapshots':
        response.write(`\n${JSON.stringify(this.#snapshot)}\n`);
        this.#followers.add(response);
        response.once('close', () => this.#followers.delete(response));
        return;
      case '/internal/usage': await this.#takeUsage(body, say); return;
      case '/internal/receipt-keys': say(200, { log: 'modelkeep/test' }); return;
      case '/internal/receipt-proofs': say(404, { error: { code: 'receipt_not_found' } }); return;
      case '/internal/sessions/resolve': {
        const principal = this.sessions.get((JSON.parse(body) as { hash: string }).hash);
        if (principal) say(200, { principal }); else say(401, { error: { code: 'session_ended', param: null } });
        return;
      }
      case '/internal/worker-reports':
        if (this.reportsRefused-- > 0) { say(500, {}); return; }
        this.reports = WorkerReports.parse(JSON.parse(body)).reports;
        say(200, {});
        return;
      default:
        this.forwarded.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, principal: String(request.headers['x-modelkeep-principal']), body });
        say(200, { data: [] });
    }
  }

  async #takeUsage(body: string, say: (status: number, answer: object) => void): Promise<void> {
    const batch = UsageBatch.safeParse(JSON.parse(body));
    if (!batch.success) { say(400, { error: { code: 'invalid_request' } }); return; }
    this.arrived.push(...batch.data.records);
    this.leaves.push(...batch.data.receipts);
    const held = this.#held;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    for (const record of batch.data.records) if (!this.committed.has(record.requestId)) this.committed.set(record.requestId, record);
    say(200, { committed: batch.data.records.length });
  }
}
