/**
 * Brings every data key of a project under its newest keys, one record at a time, and then destroys the versions that nothing needs any more. A record says itself what wrapped it:
 * whatever moment it is interrupted in, it goes on from there, at the next start or when the customer's key answers again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataKeys } from '../data-keys/data-keys.ts';
import { events } from '../events.ts';
import { KeyRefused } from '../key-refused.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { PlatformKeys } from './platform-keys.ts';

const waitMs = 2000;

export class Rotation {
  readonly #platform: PlatformKeys;
  readonly #customer: CustomerKeys;
  readonly #data: DataKeys;
  readonly #running = new Map<string, { done: number; of: number; ended: Promise<void>; again: boolean }>();
  #stopped = false;

  constructor(platform: PlatformKeys, customer: CustomerKeys, data: DataKeys) {
    this.#platform = platform;
    this.#customer = customer;
    this.#data = data;
  }

  progress(project: string): { done: number; of: number } | null {
    const running = this.#running.get(project);
    return running ? { done: running.done, of: running.of } : null;
  }

  /** Starts where something is left to do. @returns when it is done, or when it has to wait for the customer's key */
  async run(project: string): Promise<void> {
    const running = this.#running.get(project);
    if (running) { running.again = true; return await running.ended; }
    const state = { done: 0, of: 0, again: false, ended: Promise.resolve() };
    this.#running.set(project, state);
    let left = false;
    state.ended = (async () => {
      do { state.again = false; left = !await this.#once(project, state); } while (state.again && !this.#stopped);
    })().finally(() => this.#running.delete(project));
    await state.ended;
    if (left) this.#later(project);
  }

  #later(project: string): void {
    void sleep(waitMs, undefined, { ref: false }).then(async () => { if (!this.#stopped) await this.run(project); }).catch(() => undefined);
  }

  async #once(project: string, state: { done: number; of: number }): Promise<boolean> {
    const kid = this.#customer.active(project) === null ? null : this.#customer.show(project).kid;
    const objects = this.#data.objectsOf(project).filter((object) => { try { return !this.#data.isNewest(project, object, kid); } catch { return false; } });
    state.of = objects.length;
    state.done = 0;
    for (const object of objects) {
      if (this.#stopped) return true;
      try { await this.#data.rewrap(project, object, kid); } catch (error) {
        // Whatever it is that cannot be done now, a full disk as much as a key that does not answer, is tried again.
        if (!(error instanceof KeyRefused) || (error.code !== 'key_tampered' && error.code !== 'key_not_found')) return false;
        events.keyUnreadable(object);
      }
      state.done++;
    }
    this.#destroyOld(project, kid);
    if (objects.length > 0) events.keysRewrapped(project, objects.length);
    return true;
  }

  /** Nothing that can be opened is wrapped by these any more. A record that cannot be read keeps every version. */
  #destroyOld(project: string, kid: string | null): void {
    try { if (this.#data.objectsOf(project).some((object) => !this.#data.isNewest(project, object, kid))) return; } catch { return; }
    for (const chain of ['platform', 'stand_in'] as const) {
      const versions = this.#platform.versions(project, chain);
      for (const version of chain === 'stand_in' && kid !== null ? versions : versions.slice(0, -1)) this.#platform.destroy(project, chain, version);
    }
    this.#customer.forgetUnused(project);
  }

  close(): void { this.#stopped = true; }
}
