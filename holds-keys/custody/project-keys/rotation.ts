/**
 * Brings every data key of a project under its newest keys, one record at a time, and then destroys the versions that nothing needs any more. A record says itself what wrapped it:
 * whatever moment it is interrupted in, it goes on from there, at the next start or when the customer's key answers again.
 */
import { setImmediate as others, setTimeout as sleep } from 'node:timers/promises';
import type { DataKeys } from '../data-keys/data-keys.ts';
import { events } from '../events.ts';
import { KeyRefused } from '../key-refused.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { PlatformKeys } from './platform-keys.ts';
import { VersionRefused } from './provider-refusal.ts';

/** What is left after a pass: nothing, what waits for the customer's key or came in between, or what waits for a single version of it. */
type Left = 'nothing' | 'more' | 'versions';
/** Why a record was passed over: it is not what was written, or the customer's version that wrapped it is refused. */
type Passed = 'unreadable' | 'version';
/** Milliseconds until the next pass. A version that its administrator has disabled, or destroyed for good, is not asked for every other second. */
const waitMs = { more: 2000, versions: 300_000 };
/** Records that are read before others have their turn: leases are renewed meanwhile. */
const atOnce = 50;

export class Rotation {
  readonly #platform: PlatformKeys;
  readonly #customer: CustomerKeys;
  readonly #data: DataKeys;
  readonly #running = new Map<string, { done: number; of: number; ended: Promise<Left>; again: boolean }>();
  /** Projects that are tried again in a while. */
  readonly #waiting = new Map<string, { done: number; of: number }>();
  #stopped = false;

  constructor(platform: PlatformKeys, customer: CustomerKeys, data: DataKeys) {
    this.#platform = platform;
    this.#customer = customer;
    this.#data = data;
  }

  progress(project: string): { done: number; of: number } | null {
    const at = this.#running.get(project) ?? this.#waiting.get(project);
    return at ? { done: at.done, of: at.of } : null;
  }

  /** Goes on with what was interrupted. */
  start(): void { for (const project of new Set([...this.#data.projects(), ...this.#platform.projects(), ...this.#customer.known()])) void this.run(project); }

  /** Starts where something is left to do. @returns when it is done, or when it has to wait for the customer's key */
  async run(project: string): Promise<void> {
    const running = this.#running.get(project);
    if (running) { running.again = true; await running.ended; return; }
    this.#waiting.delete(project);
    const state = { done: 0, of: 0, again: false, ended: Promise.resolve<Left>('nothing') };
    this.#running.set(project, state);
    state.ended = this.#all(project, state);
    const left = await state.ended;
    if (left !== 'nothing') this.#later(project, state, waitMs[left]);
  }

  async #all(project: string, state: { done: number; of: number; again: boolean }): Promise<Left> {
    try {
      let left: Left;
      // What fails in a way that nobody foresaw is tried again too: nothing is destroyed before all of it is done.
      do { state.again = false; left = await this.#once(project, state).catch(() => 'more' as const); } while (state.again && !this.#stopped);
      return left;
    } finally { this.#running.delete(project); }
  }

  /** How far it is, is told meanwhile. */
  #later(project: string, { done, of }: { done: number; of: number }, ms: number): void {
    const waiting = { done, of };
    this.#waiting.set(project, waiting);
    void sleep(ms, undefined, { ref: false }).then(async () => {
      if (this.#waiting.get(project) !== waiting) return;
      this.#waiting.delete(project);
      if (!this.#stopped) await this.run(project);
    });
  }

  async #once(project: string, state: { done: number; of: number }): Promise<Left> {
    const kid = await this.#newest(project);
    if (kid === undefined) return 'more';
    const objects = await this.#older(project, kid);
    const passed = new Map<string, Passed>();
    state.of = objects.length;
    state.done = 0;
    for (const object of objects) {
      // Each record is several writes to the disk, and a platform key answers without a pause: nobody else would be heard until the last.
      await others();
      if (this.#stopped) return 'nothing';
      const why = await this.#rewrapped(project, object, kid);
      if (why === 'wait') return 'more';
      if (why === undefined) state.done++; else passed.set(object, why);
    }
    if (state.done > 0) events.keysRewrapped(project, state.done);
    return await this.#destroyOld(project, kid, passed);
  }

  /** Undefined where the customer's key does not say. */
  async #newest(project: string): Promise<string | null | undefined> {
    try { return await this.#customer.newest(project); } catch (error) { if (error instanceof KeyRefused) return undefined; throw error; }
  }

  async #older(project: string, kid: string | null): Promise<string[]> {
    const older: string[] = [];
    for (const [i, object] of this.#data.objectsOf(project).entries()) {
      if (i % atOnce === 0) await others();
      if (!this.#isNewest(project, object, kid)) older.push(object);
    }
    return older;
  }

  #isNewest(project: string, object: string, kid: string | null): boolean {
    try { return this.#data.isNewest(project, object, kid); } catch (error) { if (error instanceof KeyRefused) return false; throw error; }
  }

  /** A record that cannot be opened is passed over. @returns why, or that all of it has to wait */
  async #rewrapped(project: string, object: string, kid: string | null): Promise<Passed | 'wait' | undefined> {
    try { await this.#data.rewrap(project, object, kid); } catch (error) {
      if (error instanceof VersionRefused) return 'version';
      if (!(error instanceof KeyRefused)) throw error;
      if (error.code !== 'key_tampered' && error.code !== 'key_not_found') return 'wait';
      events.keyUnreadable(object);
      return 'unreadable';
    }
    return undefined;
  }

  /**
   * Nothing is wrapped by these any more. They are chosen first: what is wrapped while the records are read is wrapped by newer ones. A record that was passed over keeps every version, and so does one that
   * the customer's administrator has overtaken with a version of their own.
   */
  async #destroyOld(project: string, kid: string | null, passed: ReadonlyMap<string, Passed>): Promise<Left> {
    const active = this.#customer.active(project);
    const old = (['platform', 'stand_in'] as const).flatMap((chain) => {
      const versions = this.#platform.versions(project, chain);
      return (chain === 'stand_in' && active !== null ? versions : versions.slice(0, -1)).map((version) => ({ chain, version }));
    });
    const older = await this.#older(project, kid);
    if (older.some((object) => !passed.has(object)) || this.#customer.active(project) !== active) return 'more';
    if (older.length > 0) return older.some((object) => passed.get(object) === 'version') ? 'versions' : 'nothing';
    for (const { chain, version } of old) this.#platform.destroy(project, chain, version);
    this.#customer.forgetUnused(project);
    return 'nothing';
  }

  close(): void { this.#stopped = true; }
}
