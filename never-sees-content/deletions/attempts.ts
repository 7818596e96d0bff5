/** Has a gateway try to open a copy: only there may it open. What comes back is whether it did. */
import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { AttemptOutcome } from '#contract/deletion.ts';
import type { AttemptResult, DeletionAttempt } from '#contract/internal/objects.ts';

const keepAliveMs = 5000;
/** Milliseconds that a gateway is given for one copy. */
const patience = 10_000;
interface Gateway { response: ServerResponse; recipient: string; /** Attempts that it has not answered. */ trying: Set<number> }

export class DeletionAttempts {
  readonly #gateways = new Set<Gateway>();
  readonly #waiting = new Map<number, (outcome: AttemptOutcome | undefined) => void>();
  #next = 1;

  /** `recipient`: the public key of the gateway's process. */
  connect(response: ServerResponse, recipient: string): void {
    const gateway: Gateway = { response, recipient, trying: new Set() };
    this.#gateways.add(gateway);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('\n');
    const keepAlive = setInterval(() => response.write('\n'), keepAliveMs).unref();
    response.once('close', () => {
      clearInterval(keepAlive);
      this.#gateways.delete(gateway);
      for (const attempt of gateway.trying) this.#settle(attempt, undefined);
    });
  }

  /** `make`: the attempt, with an order for the gateway that will make it. @returns undefined where no gateway is there, or none answers */
  async attempt(make: (recipient: string) => Omit<DeletionAttempt, 'attempt'>): Promise<AttemptOutcome | undefined> {
    const gateway = [...this.#gateways][0];
    if (!gateway) return undefined;
    const attempt = this.#next++;
    return await new Promise((resolve) => {
      const late = setTimeout(() => this.#settle(attempt, undefined), patience);
      gateway.trying.add(attempt);
      this.#waiting.set(attempt, (outcome) => { clearTimeout(late); gateway.trying.delete(attempt); resolve(outcome); });
      gateway.response.write(`${JSON.stringify({ attempt, ...make(gateway.recipient) })}\n`);
    });
  }

  answered({ attempt, outcome }: z.output<typeof AttemptResult>): void { this.#settle(attempt, outcome); }

  #settle(attempt: number, outcome: AttemptOutcome | undefined): void {
    this.#waiting.get(attempt)?.(outcome);
    this.#waiting.delete(attempt);
  }

  close(): void { for (const { response } of this.#gateways) response.end(); }
}
