/** Orders as control writes and signs them, and a recipient as the gateway is one, for tests. */
import { createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, sign } from 'node:crypto';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { ForRecipient } from '#contract/internal/custody.ts';
import type { KeyOrder, ProjectOrder, SignedOrder } from '#contract/internal/key-order.ts';
import { machineClock } from './orders/orders.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
export const newId = (prefix: string): string => `${prefix}_${[...randomBytes(26)].map((byte) => alphabet[byte % 32]).join('')}`;

/** Control's pair of keys. */
export class Control {
  readonly #pair = generateKeyPairSync('ed25519');
  /** As custody is given it. */
  readonly publicKey = this.#pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

  sign(order: object): SignedOrder {
    const text = canonicalJson(order);
    return { order: text, signature: sign(null, Buffer.from(text), this.#pair.privateKey).toString('base64') };
  }

  #written(): Pick<KeyOrder, 'v' | 'id' | 'principal' | 'issuedAt' | 'expiresAt' | 'monotonic'> {
    const now = Date.now();
    return { v: 1, id: newId('ord'), principal: { kind: 'person', id: 'usr_1' }, issuedAt: new Date(now).toISOString(), expiresAt: new Date(now + 30_000).toISOString(), monotonic: machineClock() };
  }

  aboutObject(order: Pick<KeyOrder, 'action' | 'project' | 'object' | 'recipient'> & Partial<KeyOrder>): SignedOrder { return this.sign({ ...this.#written(), purpose: 'read', kind: 'file', job: null, ...order }); }
  aboutProject(action: ProjectOrder['action'], project: string, more: Partial<ProjectOrder> = {}): SignedOrder { return this.sign({ ...this.#written(), action, project, secret: null, recipient: null, ...more }); }
}

const spkiHead = Buffer.from('302a300506032b656e032100', 'hex');

export class Recipient {
  readonly #pair = generateKeyPairSync('x25519');
  readonly publicKey = this.#pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

  /** @throws where it was not for this one or not for that order */
  open(given: ForRecipient, { order }: SignedOrder): Buffer {
    const [theirs, iv, ciphertext, tag] = [given.publicKey, given.iv, given.ciphertext, given.tag].map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer, Buffer, Buffer];
    const shared = diffieHellman({ privateKey: this.#pair.privateKey, publicKey: createPublicKey({ key: Buffer.concat([spkiHead, theirs]), format: 'der', type: 'spki' }) });
    const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'modelkeep/v1/for-recipient', 32));
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(Buffer.from(order)).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  }
}
