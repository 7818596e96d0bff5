/** Control's side of key-custody: it asks for credentials to be made, of which it keeps the keyed hash, and for checkpoints and reports to be signed. */
import { join } from 'node:path';
import { Client } from 'undici';
import type { z } from 'zod';
import type { AttemptOutcome } from '#contract/deletion.ts';
import { ChangeProjectKeys, DestroyDataKeys, KeyRefusal, MintCredential, OpenSecret, ReleaseDataKeys, ShowProjectKeys, SignCheckpoint, SignReport, WatchKeyStates, toldAs } from '#contract/internal/custody.ts';
import type { ForRecipient, ProjectKeys } from '#contract/internal/custody.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { sockets } from '#contract/installation.ts';
import { Refusal } from '../server/refusal.ts';

export interface Minted { credential: string; hash: string; hint: string }

export class CustodyClient {
  readonly #socketPath: string;
  constructor(runFolder: string) { this.#socketPath = join(runFolder, sockets.custody); }

  /** @throws Refusal control_unavailable where custody does not answer. */
  async mint(prefix: 'mk-ek-' | 'mk-pt-' | 'mk-ad-' | 'mk-ss-' | 'mk-sl-'): Promise<Minted> { return await this.#ask('/mint-credential', { prefix }, MintCredential.response); }

  /** `root`: base64. @throws Refusal control_unavailable where custody does not answer. */
  async signCheckpoint(checkpoint: { origin: string; size: number; root: string }): Promise<{ note: string; verifierKey: string }> { return await this.#ask('/sign-checkpoint', checkpoint, SignCheckpoint.response); }

  /** `sha256`: of the report, hexadecimal. @throws Refusal control_unavailable where custody does not answer. */
  async signReport(sha256: string): Promise<{ signature: string; publicKey: string }> { return await this.#ask('/sign-report', { sha256 }, SignReport.response); }

  /** No provider is asked for it: what takes longer does not come. @throws Refusal key_custody_unavailable */
  async destroyDataKeys(order: SignedOrder): Promise<z.output<typeof DestroyDataKeys.response>> { return await this.#order('/destroy-data-keys', { order }, DestroyDataKeys.response, 15_000); }

  /** What custody says to an order that releases keys, which nobody could read. @throws Refusal key_custody_unavailable */
  async tryRelease(order: SignedOrder): Promise<AttemptOutcome> {
    try {
      await this.#order('/release-data-keys', { order }, ReleaseDataKeys.response);
      return 'opened';
    } catch (error) {
      if (!(error instanceof CustodyRefused)) throw error;
      if (error.refusal === 'key_not_found' || error.refusal === 'key_tampered') return 'key_not_found';
      return error.refusal === 'customer_key_denied' ? 'key_denied' : 'key_unreachable';
    }
  }

  /** @throws Refusal key_custody_unavailable */
  async showProjectKeys(project: string): Promise<ProjectKeys> { return await this.#order('/show-project-keys', { project }, ShowProjectKeys.response); }
  /** @throws Refusal customer_key_denied, customer_key_unreachable, customer_key_not_set, customer_key_misconfigured, key_custody_unavailable */
  async changeProjectKeys(order: SignedOrder): Promise<void> { await this.#order('/change-project-keys', { order }, ChangeProjectKeys.response); }
  /** @throws Refusal key_custody_unavailable */
  async openSecret(order: SignedOrder, sealed: string): Promise<ForRecipient> { return (await this.#order('/open-secret', { order, sealed }, OpenSecret.response)).secret; }
  /** Waits up to ten seconds for another version. @throws Refusal key_custody_unavailable */
  async watchKeyStates(seen: number): Promise<z.output<typeof WatchKeyStates.response>> { return await this.#order('/watch-key-states', { seen }, WatchKeyStates.response, 15_000); }

  async #order<T>(path: string, body: object, answers: { parse(value: unknown): T }, headersTimeout = 60_000): Promise<T> {
    const client = new Client('http://custody', { socketPath: this.#socketPath, connect: { timeout: 5000 }, headersTimeout });
    try {
      const answer = await client.request({ path, method: 'POST', body: JSON.stringify(body) });
      const told = await answer.body.json();
      if (answer.statusCode === 200) return answers.parse(told);
      throw new CustodyRefused(KeyRefusal.parse((told as { error?: { code?: unknown } }).error?.code));
    } catch (error) { throw error instanceof CustodyRefused ? error : new Refusal('key_custody_unavailable'); } finally { await client.close().catch(() => undefined); }
  }

  async #ask<T>(path: string, body: object, answers: { parse(value: unknown): T }): Promise<T> {
    const client = new Client('http://custody', { socketPath: this.#socketPath, connect: { timeout: 5000 }, headersTimeout: 5000 });
    try {
      const answer = await client.request({ path, method: 'POST', body: JSON.stringify(body) });
      return answers.parse(await answer.body.json());
    } catch { throw new Refusal('control_unavailable'); } finally { await client.close().catch(() => undefined); }
  }
}

/** What custody refused, as callers are told it. */
export class CustodyRefused extends Refusal {
  readonly refusal: KeyRefusal;
  constructor(refusal: KeyRefusal) { super(toldAs[refusal]); this.refusal = refusal; }
}
