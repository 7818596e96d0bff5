/** Orders of control: obeyed when control signed them, in time, and once. */
import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KeyOrder, ProjectOrder } from '#contract/internal/key-order.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { KeyRefused } from '../key-refused.ts';

/** Milliseconds that an order may live, and that two clocks of one machine may differ. */
const longest = 60_000;
const skew = 2000;

export class Orders {
  readonly #key: KeyObject | undefined;
  readonly #startedAt: number;
  /** Ids of obeyed orders, until they are late anyway. */
  readonly #used = new Map<string, number>();

  /** `key`: SPKI in base64. Without one every order is refused. What was signed before this process began is refused too: it may have been obeyed then. */
  constructor(key: string | undefined, now = Date.now()) {
    this.#key = key === undefined ? undefined : createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    this.#startedAt = now;
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

  #once<T extends { id: string; issuedAt: string; expiresAt: string }>(order: T): T {
    const now = Date.now();
    const [issued, expires] = [Date.parse(order.issuedAt), Date.parse(order.expiresAt)];
    if (issued < this.#startedAt || issued > now + skew || expires < now || expires - issued > longest || this.#used.has(order.id)) throw new KeyRefused('order_refused');
    for (const [id, until] of this.#used) { if (until > now) break; this.#used.delete(id); }
    this.#used.set(order.id, now + longest + skew);
    return order;
  }
}
