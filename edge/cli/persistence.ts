/** Trying again, and not waiting for ever. */
import { setTimeout as sleep } from 'node:timers/promises';
import { passes } from './client.ts';
import type { Client } from './client.ts';
import { CliError, exitCodes } from './exit-codes.ts';

const tries = 8;
/** Milliseconds. With eight tries, three quarters of a minute in all. */
const firstWait = 500;
const longestWait = 16_000;
/** How long a connection may stand still, in milliseconds. */
const stillness = 60_000;

/** Makes an attempt again where the refusal may pass. `hasMoved`: whether the last attempt brought something, so that the count begins anew. */
export async function persist<T>(client: Client, signal: AbortSignal, attempt: () => Promise<T>, hasMoved: () => boolean = () => false): Promise<T> {
  for (let tried = 1; ; tried++) {
    try { return await attempt(); } catch (error) {
      if (hasMoved()) tried = 1;
      if (!passes(error) || tried >= tries || !client.connection.mayReturn()) throw error;
      const wait = Math.min(longestWait, firstWait * 2 ** (tried - 1));
      await sleep(wait * (0.75 + Math.random() / 2), undefined, { signal });
    }
  }
}

/** Ends a transfer that stands still. Every sign of life is a beat. */
export class Pulse {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.#controller.signal]);
    this.beat();
  }

  /** `wait`: milliseconds until the next one is missed. */
  beat(wait = stillness): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new CliError('unreachable', 'The connection stands still.', exitCodes.unreachable)), wait);
  }

  end(): void { clearTimeout(this.#timer); }
}
