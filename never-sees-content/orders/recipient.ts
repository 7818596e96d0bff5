/** This process as the one that a secret is for: its private key is made at start and never leaves its memory. */
import { createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto';
import type { ForRecipient } from '#contract/internal/custody.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';

/** SubjectPublicKeyInfo of an X25519 key up to its 32 bytes (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b656e032100', 'hex');

export class Recipient {
  readonly #pair = generateKeyPairSync('x25519');
  /** Base64 of 32 bytes. */
  readonly publicKey = this.#pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

  /** What custody gave for this order. @throws Error where it was not for us or not for it */
  open({ publicKey, iv, ciphertext, tag }: ForRecipient, { order }: SignedOrder): Buffer {
    const theirs = createPublicKey({ key: Buffer.concat([spkiHead, Buffer.from(publicKey, 'base64')]), format: 'der', type: 'spki' });
    const shared = diffieHellman({ privateKey: this.#pair.privateKey, publicKey: theirs });
    const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'modelkeep/v1/for-recipient', 32));
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 }).setAAD(Buffer.from(order)).setAuthTag(Buffer.from(tag, 'base64'));
    try { return Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64')), decipher.final()]); } finally { for (const secret of [shared, key]) secret.fill(0); }
  }
}
