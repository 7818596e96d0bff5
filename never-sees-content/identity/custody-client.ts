/** Control's side of key-custody: it asks for credentials to be made, of which it keeps the keyed hash, and for checkpoints and reports to be signed. */
import { join } from 'node:path';
import { Client } from 'undici';
import { MintCredential, SignCheckpoint, SignReport } from '#contract/internal/custody.ts';
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

  async #ask<T>(path: string, body: object, answers: { parse(value: unknown): T }): Promise<T> {
    const client = new Client('http://custody', { socketPath: this.#socketPath, connect: { timeout: 5000 }, headersTimeout: 5000 });
    try {
      const answer = await client.request({ path, method: 'POST', body: JSON.stringify(body) });
      return answers.parse(await answer.body.json());
    } catch { throw new Refusal('control_unavailable'); } finally { await client.close().catch(() => undefined); }
  }
}
