/** What custody finds of the customers' keys, as control acts on it: refusals are entries of the ledger, and deployments stop where the project wants that. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { WatchKeyStates } from '#contract/internal/custody.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import type { Storage } from '../storage/storage.ts';
import { events } from '../server/events.ts';

type State = z.output<typeof WatchKeyStates.response>['states'][number];
const closed = (state: State['state'] | undefined): boolean => state === 'denied' || state === 'disabled';
/** Who has refused, and is silent now, has not taken it back. */
const kept = (state: State, before: State | undefined): State => (state.state === 'unreachable' && before?.state === 'denied' ? { ...state, state: 'denied' } : state);
/** Milliseconds that a start waits for custody's first word. */
const patience = 3000;

export class KeyStates {
  readonly #custody: CustodyClient;
  readonly #storage: Storage;
  #states = new Map<string, State>();
  /** Up to where the ledger follows: what could not be entered is entered later. */
  readonly #entered = new Map<string, State['state']>();
  #closed = false;
  readonly #first = Promise.withResolvers<undefined>();
  /** Whether custody has said anything yet. */
  known = false;
  /** Called when deployments may have to stop, or may run again. */
  onChange: () => Promise<void> = () => Promise.resolve();

  constructor(custody: CustodyClient, storage: Storage) {
    this.#custody = custody;
    this.#storage = storage;
  }

  /** Whether the project's key is refused and its deployments stop for that. */
  suspended(projectId: string): boolean {
    const state = this.#states.get(projectId);
    return state?.onDenied === 'stop' && closed(state.state);
  }
  denied(projectId: string): boolean { return closed(this.#states.get(projectId)?.state); }

  start(): void { void this.#follow(); }

  /** Resolves when something is known, or custody is silent for too long. */
  async first(): Promise<void> { await Promise.race([this.#first.promise, sleep(patience, undefined, { ref: false })]); }

  async #follow(): Promise<void> {
    for (let seen = 0; !this.#closed;) {
      try {
        const { version, states } = await this.#custody.watchKeyStates(seen);
        if (version !== seen) await this.#apply(states);
        seen = version;
      } catch { await sleep(500, undefined, { ref: false }); seen = 0; }
    }
  }

  async #apply(states: State[]): Promise<void> {
    const before = this.#states;
    this.#states = new Map(states.map((state) => [state.project, kept(state, before.get(state.project))]));
    this.known = true;
    this.#first.resolve(undefined);
    // What stops does not wait for the ledger.
    await this.onChange();
    for (const project of this.#entered.keys()) if (!this.#states.has(project)) this.#entered.delete(project);
    for (const { project, state } of this.#states.values()) {
      const last = this.#entered.get(project) ?? 'enabled';
      if (last === state) continue;
      await this.#record(project, last, state);
      this.#entered.set(project, state);
      events.keyStateChanged(project, state);
    }
  }

  /** What the provider did; what people did here has its entry already. */
  async #record(project: string, before: State['state'], state: State['state']): Promise<void> {
    const kind = state === 'denied' ? 'customer_key.refused' : before === 'denied' && state === 'enabled' ? 'customer_key.answered' : undefined;
    if (!kind) return;
    await this.#storage.transact({ kind: 'system', id: 'control' }, async () => await Promise.resolve({ result: undefined, entry: { kind, object: project, projectId: project, facts: {} } }));
  }

  close(): void { this.#closed = true; }
}
