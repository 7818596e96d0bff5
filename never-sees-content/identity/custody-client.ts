/** Control's side of key-custody: it asks for credentials to be made, and keeps their keyed hash. */
import { join } from 'node:path';
import { Client } from 'undici';
import { MintCredential } from '#contract/internal/custody.ts';
import { sockets } from '#contract/installation.ts';
import { Refusal } from '../server/refusal.ts';

export interface Minted { credential: string; hash: string; hint: string }

export class CustodyClient {
  readonly #socketPath: string;
  constructor(runFolder: string) { this.#socketPath = join(runFolder, sockets.custody); }

  /** @throws Refusal control_unavailable where custody does not answer. */
  async mint(prefix: 'mk-ek-' | 'mk-pt-' | 'mk-ad-'): Promise<Minted> {
    const client = new Client('http://custody', { socketPath: this.#socketPath, connect: { timeout: 5000 }, headersTimeout: 5000 });
    try {
      const answer = await client.request({ path: '/mint-credential', method: 'POST', body: JSON.stringify({ prefix }) });
      return MintCredential.response.parse(await answer.body.json());
    } catch { throw new Refusal('control_unavailable'); } finally { await client.close().catch(() => undefined); }
  }
}
