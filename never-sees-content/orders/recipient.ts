/** This process as the one that a secret is for: its private key is made at start and never leaves its memory. */
import { createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
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
    const shared = diffieHellman({ privateKey: this.#pair.privateKey, publicKey: publicKeyOf(bytesOf(publicKey)) });
    const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'modelkeep/v1/for-recipient', 32));
    let plain: Buffer | undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytesOf(iv), { authTagLength: 16 }).setAAD(Buffer.from(order)).setAuthTag(bytesOf(tag));
      plain = decipher.update(bytesOf(ciphertext));
      return Buffer.concat([plain, decipher.final()]);
    } finally { for (const secret of [shared, key, plain]) secret?.fill(0); }
  }
}

/** One spelling for the same bytes. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new TypeError('not what custody wrote');
  return bytes;
}

/** The highest bit counts for nothing in X25519 (RFC 7748), so custody never sets it. */
function publicKeyOf(bytes: Buffer): KeyObject {
  if (bytes.length !== 32 || ((bytes[31] ?? 0) & 0x80) !== 0) throw new TypeError('not a public key that custody wrote');
  return createPublicKey({ key: Buffer.concat([spkiHead, bytes]), format: 'der', type: 'spki' });
}
