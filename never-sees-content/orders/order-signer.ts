/** Signs orders to key custody. The private key comes from the supervisor, which tells custody the public one: nobody else can order a key. */
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { KeyOrder, ProjectOrder, SignedOrder } from '#contract/internal/key-order.ts';
import { identifier } from '../identity/identifier.ts';

const lifeMs = 30_000;
type Written<T> = Omit<T, 'v' | 'id' | 'issuedAt' | 'expiresAt' | 'monotonic'>;

export class OrderSigner {
  readonly #key: KeyObject;
  /** `key`: PKCS #8, base64. */
  constructor(key: string) { this.#key = createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' }); }

  aboutObject(order: Written<KeyOrder>): SignedOrder { return this.#sign(order); }
  aboutProject(order: Written<ProjectOrder>): SignedOrder { return this.#sign(order); }

  #sign(order: Written<KeyOrder> | Written<ProjectOrder>): SignedOrder {
    const now = Date.now();
    const text = canonicalJson({ v: 1, id: identifier('ord'), ...order, issuedAt: new Date(now).toISOString(), expiresAt: new Date(now + lifeMs).toISOString(), monotonic: Number(process.hrtime.bigint() / 1_000_000n) });
    return { order: text, signature: sign(null, Buffer.from(text), this.#key).toString('base64') };
  }
}

/** A pair for one run of the installation: the private key as `OrderSigner` takes it, the public one as custody does. */
export function newOrderKeys(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'), publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
}
