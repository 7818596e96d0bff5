/** When each session was last used: exact in memory, and to the minute in the database, so that a restart forgets no more than that. */
import type { Storage } from '../storage/storage.ts';

const everyMs = 60_000;

export class LastSeen {
  readonly #seen = new Map<string, { at: number; written: number }>();
  readonly #storage: Storage;
  constructor(storage: Storage) { this.#storage = storage; }

  /** `stored`: what the database says. */
  of(session: string, stored: string): number { return Math.max(this.#seen.get(session)?.at ?? 0, Date.parse(stored)); }

  touch(session: string, at: number): void {
    const known = this.#seen.get(session);
    const due = !known || at - known.written >= everyMs;
    this.#seen.set(session, { at, written: due ? at : known.written });
    // One that is not written is written a minute later: nobody is signed out for it.
    if (due) void this.#write(session, at).catch(() => undefined);
  }

  forget(session: string): void { this.#seen.delete(session); }

  async #write(session: string, at: number): Promise<void> {
    const last_seen = new Date(at).toISOString();
    await this.#storage.record((db) => db.updateTable('session_uses').set({ last_seen }).where('session_id', '=', session).execute());
  }
}
