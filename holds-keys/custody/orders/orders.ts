/** Orders of control: obeyed when control signed them, in time, and once. */
import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KeyOrder, ProjectOrder } from '#contract/internal/key-order.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { KeyRefused } from '../key-refused.ts';

/** Milliseconds that an order may live. */
export const longestOrderMs = 60_000;
/** Milliseconds of the machine's monotonic clock: the same for every process, and nobody sets it. */
export const machineClock = (): number => Number(process.hrtime.bigint() / 1_000_000n);

export class Orders {
  readonly #key: KeyObject | undefined;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** Ids of obeyed orders, until they are late anyway. */
  readonly #used = new Map<string, number>();

  /** `key`: SPKI in base64. Without one every order is refused. What was signed before this process began is refused too: it may have been obeyed then. */
  constructor(key: string | undefined, now = machineClock) {
    this.#key = key === undefined ? undefined : createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    this.#now = now;
    this.#startedAt = now();
  }

  /** @throws KeyRefused order_refused */
  aboutObject(signed: SignedOrder, action: KeyOrder['action']): KeyOrder {
    const order = this.#read(signed, KeyOrder);
    if (order.action !== action) throw new KeyRefused('order_refused');
    return this.#once(order);
  }

  /** @throws KeyRefused order_refused */
  aboutProject(signed: SignedOrder, actions: readonly ProjectOrder['action'][]): ProjectOrder {
    const order = this.#read(signed, ProjectOrder);
    if (!actions.includes(order.action)) throw new KeyRefused('order_refused');
    return this.#once(order);
  }

  #read<T>({ order, signature }: SignedOrder, schema: { parse(value: unknown): T }): T {
    if (!this.#key || !verify(null, Buffer.from(order), this.#key, Buffer.from(signature, 'base64'))) throw new KeyRefused('order_refused');
    try { return schema.parse(JSON.parse(order)); } catch { throw new KeyRefused('order_refused'); }
  }

  #once<T extends Pick<KeyOrder, 'id' | 'issuedAt' | 'expiresAt' | 'monotonic'>>(order: T): T {
    const now = this.#now();
    const { id, monotonic: issued } = order;
    const life = Date.parse(order.expiresAt) - Date.parse(order.issuedAt);
    if (issued < this.#startedAt || issued > now || issued + life < now || life > longestOrderMs || this.#used.has(id)) throw new KeyRefused('order_refused');
    for (const [used, until] of this.#used) { if (until > now) break; this.#used.delete(used); }
    this.#used.set(id, now + longestOrderMs);
    return order;
  }
}
