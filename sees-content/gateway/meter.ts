/**
 * Usage records on their way to control. Those of one moment travel together; one batch is under way at a time. A record is sent until it is committed, and an
 * answer's end waits for that: never lost once answered, and by its request id never counted twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import { events } from './events.ts';
import { GatewayError } from './gateway-error.ts';

interface Pending { record: UsageRecord; committed: () => void }
/** How long an answer's end waits. */
const patienceMs = 30_000;
const batchSize = 1000;
/** Records kept while control is away; beyond it new answers are refused their end at once. */
const backlog = 200_000;

export class Meter {
  readonly #send: (records: UsageRecord[]) => Promise<void>;
  readonly #pending: Pending[] = [];
  #running = false;

  constructor(send: (records: UsageRecord[]) => Promise<void>) { this.#send = send; }

  get waiting(): number { return this.#pending.length; }

  /** Resolves after the record's commit. @throws GatewayError metering_unavailable; the record is sent all the same. */
  async commit(record: UsageRecord): Promise<void> {
    if (this.#pending.length >= backlog) throw new GatewayError('metering_unavailable');
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new GatewayError('metering_unavailable')), patienceMs);
      this.#pending.push({ record, committed: () => { clearTimeout(late); resolve(); } });
      if (!this.#running) { this.#running = true; setImmediate(() => { void this.#run().catch(() => process.exit(1)); }); }
    });
  }

  /** For answers that have no end to wait with. */
  note(record: UsageRecord): void { this.commit(record).catch(() => undefined); }

  async #run(): Promise<void> {
    for (let failures = 0; this.#pending.length > 0;) {
      const batch = this.#pending.slice(0, batchSize);
      try {
        await this.#send(batch.map(({ record }) => record));
        this.#pending.splice(0, batch.length);
        for (const { committed } of batch) committed();
        failures = 0;
      } catch {
        if (failures++ === 0) events.usageDelayed(this.#pending.length);
        await sleep(Math.min(1000, 50 * 2 ** Math.min(failures, 5)));
      }
    }
    this.#running = false;
  }

  /** Waits until everything is committed, or the time (milliseconds) is up. */
  async drain(limitMs: number): Promise<void> {
    for (const deadline = Date.now() + limitMs; this.#pending.length > 0 && Date.now() < deadline;) await sleep(20);
  }
}
