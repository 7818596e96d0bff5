/** Orders of control: obeyed when control signed them, in time, and once. */
import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KeyOrder, ProjectOrder } from '#contract/internal/key-order.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { KeyRefused } from '../key-refused.ts';

/** Milliseconds that an order may live. */
const longest = 60_000;

export class Orders {
  readonly #key: KeyObject | undefined;
  /** Nothing signed before this moment is obeyed: it may have been obeyed by a process before this one, or is remembered no longer. */
  #earliest: number;
  /** When obeyed orders were signed, by their ids, until all of that moment are late. */
  readonly #used = new Map<string, number>();

  /** `key`: SPKI in base64. Without one every order is refused. */
  constructor(key: string | undefined, now = Date.now()) {
    this.#key = key === undefined ? undefined : createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    this.#earliest = now;
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

  /** Signer and reader share one machine's clock. One that was signed in the future would outlive a restart, which forgets it. */
  #once<T extends { id: string; issuedAt: string; expiresAt: string }>(order: T): T {
    const now = Date.now();
    const [issued, expires] = [Date.parse(order.issuedAt), Date.parse(order.expiresAt)];
    if (issued < this.#earliest || issued > now || expires < now || expires - issued > longest || this.#used.has(order.id)) throw new KeyRefused('order_refused');
    this.#forgetLate(now);
    this.#used.set(order.id, issued);
    return order;
  }

  /** A clock that is set back brings none of them back to life. */
  #forgetLate(now: number): void {
    for (const [id, issued] of this.#used) {
      if (issued + longest >= now) break;
      this.#earliest = Math.max(this.#earliest, issued + 1);
      this.#used.delete(id);
    }
  }
}
