/** The gateway's side of control's local socket: snapshots in, usage and reports out, management operations through. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { z } from 'zod';
import type { Dispatcher } from 'undici';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { sockets } from '#contract/installation.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { AttemptPassword, AttemptSignIn, EndSession, ResolveSession, SetPassword, ShowSession, StartSession } from '#contract/internal/session.ts';
import { RoutingSnapshot } from '#contract/internal/routing-snapshot.ts';
import { CertifyReceiptKey } from '#contract/internal/receipt-leaf.ts';
import type { ReceiptLeaf } from '#contract/internal/receipt-leaf.ts';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import type { WorkerReport } from '#contract/internal/worker-report.ts';
import { ReceiptProof } from '#contract/receipt.ts';
import { events } from './events.ts';
import { GatewayError } from './gateway-error.ts';
import { jsonLines } from './json-lines.ts';
import { UsageRefused } from './meter.ts';
import { RoutingTable } from './routing-table.ts';

const silentMs = 15_000;

export class ControlClient {
  table = RoutingTable.empty;
  connected = false;
  readonly #pool: Pool;
  readonly #listeners: ((table: RoutingTable) => void)[] = [];
  readonly #controller = new AbortController();

  /** As many connections as there are questions: one that waits for a bucket or a provider keeps no other project waiting. */
  constructor(runFolder: string) {
    this.#pool = new Pool('http://control', { socketPath: join(runFolder, sockets.control), pipelining: 1, headersTimeout: 30_000, bodyTimeout: 60_000, keepAliveTimeout: 3000 });
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
    for await (const line of jsonLines(answer.body as AsyncIterable<Buffer>)) this.#apply(line);
  }

  #apply(line: string): void {
    const table = new RoutingTable(RoutingSnapshot.parse(JSON.parse(line)));
    this.table = table;
    this.connected = true;
    events.snapshotApplied(table.version, table.routes.length, table.credentialCount);
    for (const listener of this.#listeners) listener(table);
  }

  /** Resolves once they are committed. @throws UsageRefused where sending them again cannot help */
  async sendUsage(records: UsageRecord[], receipts: ReceiptLeaf[]): Promise<void> {
    const status = await this.#post('/internal/usage', { records, receipts });
    if (status >= 400 && status < 500) throw new UsageRefused();
    if (status !== 200) throw new Error('control refused');
  }

  async sendReports(reports: WorkerReport[]): Promise<void> {
    if (await this.#post('/internal/worker-reports', { reports }) !== 200) throw new Error('control refused');
  }

  /** Resolves once the ledger certifies the key of this process's receipts. @returns the ledger's name */
  async certifyReceiptKey(key: z.input<typeof CertifyReceiptKey.request>): Promise<string> {
    const { status, body } = await this.#exchange('/internal/receipt-keys', key);
    if (status !== 200) throw new Error('control refused');
    return CertifyReceiptKey.response.parse(body).log;
  }

  /** Null while the receipt is not in the published ledger. @throws GatewayError control_unavailable */
  async proveReceipt(leaf: ReceiptLeaf, keyId: string): Promise<ReceiptProof | null> {
    const { status, body } = await this.#exchange('/internal/receipt-proofs', { leaf, keyId }).catch(() => { throw new GatewayError('control_unavailable'); });
    if (status === 404) return null;
    if (status !== 200) throw new GatewayError('control_unavailable');
    return ReceiptProof.parse(body);
  }

  /** @throws GatewayError session_ended, project_not_found, control_unavailable */
  async resolveSession(asked: z.input<typeof ResolveSession.request>): Promise<Principal> { return ResolveSession.response.parse(await this.ask('/internal/sessions/resolve', asked)).principal; }
  /** @throws GatewayError sign_in_limited, control_unavailable */
  async attemptSignIn(asked: z.input<typeof AttemptSignIn.request>): Promise<z.output<typeof AttemptSignIn.response>> { return AttemptSignIn.response.parse(await this.ask('/internal/sessions/attempts', asked)); }
  /** @throws GatewayError session_ended, sign_in_limited, control_unavailable */
  async attemptPassword(asked: z.input<typeof AttemptPassword.request>): Promise<z.output<typeof AttemptPassword.response>> { return AttemptPassword.response.parse(await this.ask('/internal/passwords/attempts', asked)); }
  /** @throws GatewayError session_ended, password_refused, control_unavailable */
  async setPassword(asked: z.input<typeof SetPassword.request>): Promise<z.output<typeof SetPassword.response>> { return SetPassword.response.parse(await this.ask('/internal/passwords', asked)); }
  /** @throws GatewayError sign_in_refused, control_unavailable */
  async startSession(asked: z.input<typeof StartSession.request>): Promise<z.output<typeof StartSession.response>> { return StartSession.response.parse(await this.ask('/internal/sessions', asked)); }
  /** @throws GatewayError session_ended, control_unavailable */
  async showSession(asked: z.input<typeof ShowSession.request>): Promise<z.output<typeof ShowSession.response>> { return ShowSession.response.parse(await this.ask('/internal/sessions/show', asked)); }
  /** @throws GatewayError control_unavailable */
  async endSession(asked: z.input<typeof EndSession.request>): Promise<z.output<typeof EndSession.response>> { return EndSession.response.parse(await this.ask('/internal/sessions/end', asked)); }

  /** What control answers. @throws GatewayError its refusal as the caller is told it, or control_unavailable */
  async ask(path: string, body: object): Promise<unknown> {
    const { status, body: answer, retryAfterMs } = await this.#exchange(path, body).catch(() => { throw new GatewayError('control_unavailable'); });
    if (status === 200) return answer;
    const { error } = answer as { error?: { code?: string; param?: string | null } };
    throw new GatewayError(Object.hasOwn(errorCodes, error?.code ?? '') ? error?.code as ErrorCode : 'control_unavailable', error?.param ?? null, retryAfterMs);
  }

  async #exchange(path: string, body: object): Promise<{ status: number; body: unknown; retryAfterMs?: number }> {
    const answer = await this.#pool.request({ path, method: 'POST', body: JSON.stringify(body), headersTimeout: 10_000 });
    const wait = Number(answer.headers['retry-after-ms']);
    return { status: answer.statusCode, body: await answer.body.json(), ...(wait > 0 ? { retryAfterMs: wait } : {}) };
  }

  async #post(path: string, body: object): Promise<number> {
    const answer = await this.#pool.request({ path, method: 'POST', body: JSON.stringify(body), headersTimeout: 10_000 });
    await answer.body.dump();
    return answer.statusCode;
  }

  async forward(request: { path: string; method: string; headers: Record<string, string>; body: Buffer }): Promise<Dispatcher.ResponseData> {
    return await this.#pool.request({ path: request.path, method: request.method, headers: request.headers, body: request.body.length > 0 ? request.body : null });
  }

  async close(): Promise<void> {
    this.#controller.abort();
    await this.#pool.destroy();
  }
}
