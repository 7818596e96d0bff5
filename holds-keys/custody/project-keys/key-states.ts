/** Watches the customers' keys: often while somebody holds keys of the project or running deployments hang on the answer, now and then otherwise. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { WatchKeyStates } from '#contract/internal/custody.ts';
import type { Leases } from '../data-keys/leases.ts';
import { events } from '../events.ts';
import type { CustomerKeys } from './customer-keys.ts';

type Answer = z.output<typeof WatchKeyStates.response>;
/** Milliseconds. */
const often = 600;
const seldom = 5000;
const longPoll = 10_000;
/** That whoever begins to watch waits for providers that were not asked yet. */
const patience = 1500;

export class KeyStates {
  readonly #customer: CustomerKeys;
  readonly #leases: Leases;
  /** Not one of a process before this one. */
  #version = Date.now();
  #told = '';
  readonly #waiting = new Set<() => void>();
  readonly #askedAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(customer: CustomerKeys, leases: Leases) {
    this.#customer = customer;
    this.#leases = leases;
    customer.onChange = () => this.#look();
  }

  start(): void {
    this.#ask();
    this.#timer = setInterval(() => this.#ask(), often).unref();
  }

  #ask(): void {
    this.#customer.sweep();
    for (const project of this.#customer.projects()) {
      const interval = this.#leases.any(project) || this.#customer.onDenied(project) === 'stop' ? often : seldom;
      if (performance.now() - (this.#askedAt.get(project) ?? -Infinity) < interval) continue;
      this.#askedAt.set(project, performance.now());
      this.#customer.check(project).catch(() => undefined);
    }
  }

  #states(): Answer['states'] { return this.#customer.projects().sort().map((project) => ({ project, state: this.#customer.state(project), onDenied: this.#customer.onDenied(project) })); }

  #look(): void {
    const states = this.#states();
    const text = JSON.stringify(states);
    if (text === this.#told) return;
    this.#told = text;
    this.#version++;
    for (const { project, state } of states) events.keyState(project, state);
    for (const tell of this.#waiting) tell();
  }

  async changedSince(seen: number): Promise<Answer> {
    if (seen === this.#version) await this.#change();
    if (seen === 0) await Promise.race([this.#customer.asked(), sleep(patience, undefined, { ref: false })]);
    return { version: this.#version, states: this.#states() };
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      const tell = (): void => { clearTimeout(late); this.#waiting.delete(tell); resolve(); };
      const late = setTimeout(tell, longPoll);
      this.#waiting.add(tell);
    });
  }

  close(): void {
    clearInterval(this.#timer);
    for (const tell of this.#waiting) tell();
  }
}
