/** Data keys of objects, by control's order, for as long as custody lets them be used. */
import { join } from 'node:path';
import { Pool } from 'undici';
import { ChangeProjectKeys, CreateDataKeys, EndLease, KeyRefusal, OpenSecret, ReleaseDataKeys, RenewLease, SealSecret, toldAs } from '#contract/internal/custody.ts';
import type { ForRecipient } from '#contract/internal/custody.ts';
import type { z } from 'zod';
import { sockets } from '#contract/installation.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import type { LayerKeys } from '../../sealing/layers.ts';
import { GatewayError } from '../gateway-error.ts';
import { Recipient } from './recipient.ts';

/** What custody refused, as the caller is told it. */
export class KeysRefused extends GatewayError {
  readonly refusal: KeyRefusal;
  constructor(refusal: KeyRefusal) { super(toldAs[refusal]); this.refusal = refusal; }
}

/** Milliseconds between two questions whether the keys may still be used, and without an answer. */
const renewEvery = 400;
const patience = 1000;

/** Two data keys in memory. `signal` is aborted, with the GatewayError that says why, as soon as they may be used no longer; whoever holds them stops then. */
export interface HeldKeys { readonly keys: LayerKeys; readonly signal: AbortSignal; /** Wipes them. */ end(): void }

export class CustodyKeys {
  readonly recipient = new Recipient();
  readonly #pool: Pool;
  /** As many connections as there are questions: one that waits for a customer's provider keeps no other project's lease waiting. */
  constructor(runFolder: string) { this.#pool = new Pool('http://custody', { socketPath: join(runFolder, sockets.custody), headersTimeout: 60_000, keepAliveTimeout: 3000 }); }

  /** @throws GatewayError */
  async create(order: SignedOrder): Promise<HeldKeys> { return this.#held(await this.#ask('/create-data-keys', { order }, CreateDataKeys.response), order); }
  /** @throws GatewayError */
  async release(order: SignedOrder): Promise<HeldKeys> { return this.#held(await this.#ask('/release-data-keys', { order }, ReleaseDataKeys.response), order); }

  #held({ keys: given, lease }: z.output<typeof CreateDataKeys.response>, order: SignedOrder): HeldKeys {
    const both = this.#opened(given, order);
    const lost = new AbortController();
    const stop = this.#renew(lease, lost);
    return {
      keys: { platform: both.subarray(0, 32), customer: both.subarray(32) }, signal: lost.signal,
      end: () => { stop(); both.fill(0); this.#ask('/end-lease', { lease }, EndLease.response).catch(() => undefined); },
    };
  }

  /** @throws GatewayError where what came is not for this process and its order */
  #opened(given: ForRecipient, order: SignedOrder): Buffer {
    try { return this.recipient.open(given, order); } catch { throw new GatewayError('key_custody_unavailable'); }
  }

  /** @returns what stops it */
  #renew(lease: string, lost: AbortController): () => void {
    let answered = performance.now();
    let stopped = false;
    const timer = setInterval(() => {
      this.#ask('/renew-lease', { lease }, RenewLease.response).then(() => { answered = performance.now(); }, (error: unknown) => { if (error instanceof KeysRefused && !stopped) lost.abort(error.refusal === 'key_not_found' ? new GatewayError('key_custody_unavailable') : error); });
      if (performance.now() - answered > patience + renewEvery) lost.abort(new GatewayError('key_custody_unavailable'));
    }, renewEvery).unref();
    lost.signal.addEventListener('abort', () => clearInterval(timer));
    return () => { stopped = true; clearInterval(timer); };
  }

  /** @throws GatewayError */
  async changeProjectKeys(request: z.input<typeof ChangeProjectKeys.request>): Promise<void> { await this.#ask('/change-project-keys', request, ChangeProjectKeys.response); }
  /** @returns the sealed text. @throws GatewayError */
  async sealSecret(order: SignedOrder, secret: string): Promise<string> { return (await this.#ask('/seal-secret', { order, secret }, SealSecret.response)).sealed; }
  /** @throws GatewayError */
  async openSecret(order: SignedOrder, sealed: string): Promise<Buffer> { return this.#opened((await this.#ask('/open-secret', { order, sealed }, OpenSecret.response)).secret, order); }

  /** @throws KeysRefused, GatewayError key_custody_unavailable */
  async #ask<T>(path: string, body: object, answers: { parse(value: unknown): T }): Promise<T> {
    try {
      const answer = await this.#pool.request({ path, method: 'POST', body: JSON.stringify(body) });
      const said = await answer.body.json();
      if (answer.statusCode === 200) return answers.parse(said);
      throw new KeysRefused(KeyRefusal.parse((said as { error?: { code?: unknown } }).error?.code));
    } catch (error) { throw error instanceof KeysRefused ? error : new GatewayError('key_custody_unavailable'); }
  }

  async close(): Promise<void> { await this.#pool.destroy(); }
}
