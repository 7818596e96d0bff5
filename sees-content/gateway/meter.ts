/**
 * Usage records and receipts' leaves on their way to control. Those of one moment travel together; one batch is under way at a time. A record is sent until it is committed, and an
 * answer's end waits for that: never lost once answered, and by its request id never counted twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceiptLeaf } from '#contract/internal/receipt-leaf.ts';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import { events } from './events.ts';
import { GatewayError } from './gateway-error.ts';

/** Control will never take these records as they are. */
export class UsageRefused extends Error {
  constructor() {
    super('usage_refused');
    this.name = 'UsageRefused';
  }
}

/** What is known of one request: what it used, and its receipt. */
export interface Noted { record?: UsageRecord | undefined; receipt?: ReceiptLeaf | undefined }
interface Pending { noted: Noted; committed: () => void; refused: () => void }
/** `patienceMs`: how long an answer's end waits. `backlog`: records kept while control is away; beyond it new answers are refused their end at once. */
export interface MeterLimits { patienceMs: number; batchSize: number; backlog: number }
const usualLimits: MeterLimits = { patienceMs: 30_000, batchSize: 1000, backlog: 200_000 };

export class Meter {
  readonly #send: (records: UsageRecord[], receipts: ReceiptLeaf[]) => Promise<void>;
  readonly #limits: MeterLimits;
  readonly #pending: Pending[] = [];
  #running = false;

  /** `send` resolves once the records are committed, and throws UsageRefused where it never will. */
  constructor(send: (records: UsageRecord[], receipts: ReceiptLeaf[]) => Promise<void>, limits: Partial<MeterLimits> = {}) {
    this.#send = send;
    this.#limits = { ...usualLimits, ...limits };
  }

  get waiting(): number { return this.#pending.length; }

  /** Resolves after the commit. @throws GatewayError metering_unavailable after half a minute; it goes on being sent */
  async commit(noted: Noted): Promise<void> {
    if (this.#pending.length >= this.#limits.backlog) throw new GatewayError('metering_unavailable');
    await new Promise<void>((resolve, reject) => {
      const refused = (): void => reject(new GatewayError('metering_unavailable'));
      const late = setTimeout(refused, this.#limits.patienceMs);
      this.#pending.push({ noted, committed: () => { clearTimeout(late); resolve(); }, refused: () => { clearTimeout(late); refused(); } });
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => { void this.#run().catch(() => process.exit(1)); });
    });
  }

  /** For answers that have no end to wait with. */
  note(noted: Noted): void { this.commit(noted).catch(() => undefined); }

  async #run(): Promise<void> {
    let size = this.#limits.batchSize;
    for (let failures = 0; this.#pending.length > 0;) {
      const batch = this.#pending.slice(0, size);
      try {
        await this.#send(batch.flatMap(({ noted }) => noted.record ?? []), batch.flatMap(({ noted }) => noted.receipt ?? []));
        this.#pending.splice(0, batch.length);
        for (const { committed } of batch) committed();
        failures = 0;
      } catch (error) {
        if (error instanceof UsageRefused) { size = this.#setAside(batch); continue; }
        if (failures++ === 0) events.usageDelayed(this.#pending.length);
        await sleep(Math.min(1000, 50 * 2 ** Math.min(failures, 5)));
      }
    }
    this.#running = false;
  }

  /** One record that cannot be taken must not hold up all others: it is found by sending one at a time. @returns the size of the next batches */
  #setAside([first, ...others]: Pending[]): number {
    if (!first || others.length > 0) return 1;
    this.#pending.shift();
    events.usageRefused((first.noted.record ?? first.noted.receipt)?.requestId ?? 'none');
    first.refused();
    return this.#limits.batchSize;
  }

  /** Waits until everything is committed, or the time (milliseconds) is up. */
  async drain(limitMs: number): Promise<void> {
    for (const deadline = Date.now() + limitMs; this.#pending.length > 0 && Date.now() < deadline;) await sleep(20);
  }
}
