/**
 * Changes that wait at the same moment share one transaction, and so one flush to the disk: the ledger puts writers in order anyway. Each has a savepoint of its own,
 * so that one that fails undoes itself alone; their entries are appended together. None is acknowledged before the commit; where appending or that fails, all have failed.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { appendEntries, checkEntry } from '../ledger/append.ts';
import type { Authored } from '../ledger/append.ts';
import type { Database } from './database.ts';
import type { Writer } from './storage.ts';

const mostTogether = 128;
/** Makes a change, and tells its entries. */
type Work = (tx: Writer) => Promise<Authored[]>;
interface Waiting { work: Work; done: () => void; failed: (error: unknown) => void }

export class GroupCommit {
  readonly #db: Kysely<Database>;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(db: Kysely<Database>) { this.#db = db; }

  /** Resolves after the commit. Rejects with what `work` threw, or with the failure of the commit. */
  async run(work: Work): Promise<void> {
    await new Promise<void>((done, failed) => {
      this.#waiting.push({ work, done, failed });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.slice(0, mostTogether);
      this.#waiting = this.#waiting.slice(mostTogether);
      const failures = new Map<Waiting, unknown>();
      try {
        await this.#db.transaction().execute(async (tx) => {
          const entries: Authored[] = [];
          for (const each of group) entries.push(...await this.#one(tx, each, failures, group.length === 1));
          await appendEntries(tx, entries);
        });
        for (const each of group) if (failures.has(each)) each.failed(failures.get(each)); else each.done();
      } catch (error) { for (const each of group) each.failed(failures.get(each) ?? error); }
    }
    this.#running = false;
  }

  async #one(tx: Writer, each: Waiting, failures: Map<Waiting, unknown>, alone: boolean): Promise<Authored[]> {
    if (alone) return await each.work(tx);
    await sql`savepoint change`.execute(tx);
    try {
      const entries = await each.work(tx);
      entries.forEach(checkEntry);
      await sql`release savepoint change`.execute(tx);
      return entries;
    } catch (error) {
      failures.set(each, error);
      await sql`rollback to savepoint change`.execute(tx);
      await sql`release savepoint change`.execute(tx);
      return [];
    }
  }
}
