/** The credentials of datastores: sealed by custody in their rows, opened by our order for the process that reads or writes there. */
import { DatastoreCredential } from '#contract/internal/datastores.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import type { Actor, LedgerEntryInput } from '../ledger/entry.ts';
import type { OrderSigner } from '../orders/order-signer.ts';
import { Recipient } from '../orders/recipient.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage } from '../storage/storage.ts';

interface Owner { id: string; project_id: string }

export class Credentials {
  readonly #parts: { storage: Storage; custody: CustodyClient; orders: OrderSigner };
  readonly #recipient = new Recipient();
  constructor(parts: { storage: Storage; custody: CustodyClient; orders: OrderSigner }) { this.#parts = parts; }

  /** Signed once it is in the ledger. `recipient`: null to seal one. */
  async order(action: 'seal_secret' | 'open_secret', { id, project_id }: Owner, actor: Actor, recipient: string | null): Promise<SignedOrder> {
    const entry: LedgerEntryInput = { kind: 'encryption.ordered', object: id, projectId: project_id, facts: { action } };
    await this.#parts.storage.transact(actor, async () => await Promise.resolve({ result: undefined, entry }));
    return this.#parts.orders.aboutProject({ action, project: project_id, secret: id, principal: { kind: actor.kind, id: actor.id }, recipient });
  }

  /** For this process, which writes sealed bytes there. @throws Refusal key_custody_unavailable */
  async open(owner: Owner, sealed: string): Promise<DatastoreCredential> {
    const order = await this.order('open_secret', owner, { kind: 'system', id: 'control' }, this.#recipient.publicKey);
    const given = await this.#parts.custody.openSecret(order, sealed);
    try {
      const opened = this.#recipient.open(given, order);
      try { return DatastoreCredential.parse(JSON.parse(opened.toString())); } finally { opened.fill(0); }
    } catch { throw new Refusal('key_custody_unavailable'); }
  }
}
