/**
 * Puts the leaves of receipts into the ledger: those of one second become a tree of their own (RFC 6962), whose root and size are one entry. A leaf is kept for a day
 * after that, so that its place can be proved; the root stays.
 */
import { sql } from 'kysely';
import { errorCodeOf, events } from '../server/events.ts';
import { identifier } from '../identity/identifier.ts';
import { leafTreeRoot } from './leaf-tree.ts';
import type { Storage } from '../storage/storage.ts';

const everyMs = 1000;
const mostInBatch = 65_536;
const forgetEveryMs = 600_000;

export class ReceiptBatcher {
  readonly #storage: Storage;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #forgotten = 0;
  #failures = 0;

  constructor(storage: Storage) { this.#storage = storage; }

  start(): void {
    this.#timer = setInterval(() => { this.#running = this.#running.then(() => this.#turn()); }, everyMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #turn(): Promise<void> {
    try {
      while (await this.batch() === mostInBatch);
      if (Date.now() - this.#forgotten > forgetEveryMs) await this.#forget();
      this.#failures = 0;
    } catch (error) { if (this.#failures++ === 0) events.ledgerDelayed(error instanceof Error ? error.name : 'unknown', errorCodeOf(error)); }
  }

  /** One batch of what waits. @returns how many leaves it has */
  async batch(): Promise<number> {
    const waiting = await this.#storage.read((db) => db.selectFrom('receipt_leaves').select('request_id').where('batch', 'is', null).limit(1).executeTakeFirst());
    if (!waiting) return 0;
    return await this.#storage.transact({ kind: 'system', id: 'control' }, async (tx) => {
      const rows = await tx.selectFrom('receipt_leaves').select(['request_id', 'hash']).where('batch', 'is', null).orderBy('at').limit(mostInBatch).forUpdate().skipLocked().execute();
      if (rows.length === 0) return { result: 0, unchanged: true };
      rows.sort((a, b) => Buffer.compare(a.hash, b.hash));
      const batch = identifier('rcb');
      await sql`update receipt_leaves l set batch = ${batch}, index = s.index from unnest(${rows.map((row) => row.request_id)}::text[], ${rows.map((row) => row.hash)}::bytea[], ${rows.map((_, i) => i)}::int[]) s(request_id, hash, index)
        where l.request_id = s.request_id and l.hash = s.hash`.execute(tx);
      const root = await leafTreeRoot(rows.map((row) => row.hash));
      return { result: rows.length, entry: { kind: 'receipts.recorded', object: batch, projectId: null, facts: { count: rows.length, root: root.toString('base64') } } };
    });
  }

  async #forget(): Promise<void> {
    await this.#storage.record((db) => db.deleteFrom('receipt_leaves').where('batch', 'is not', null).where('at', '<', sql<string>`now() - interval '1 day'`).execute());
    this.#forgotten = Date.now();
  }
}
