/** Gives a secret to one process: only the holder of the recipient's private key opens it, and only as the answer to its order. */
import { createCipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import type { ForRecipient } from '#contract/internal/custody.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';

/** SubjectPublicKeyInfo of an X25519 key up to its 32 bytes (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b656e032100', 'hex');

/** `recipient`: X25519 public key, base64 of 32 bytes. */
export function forRecipient(secret: Buffer, recipient: string, { order }: SignedOrder): ForRecipient {
  const once = generateKeyPairSync('x25519');
  const theirs = createPublicKey({ key: Buffer.concat([spkiHead, Buffer.from(recipient, 'base64')]), format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey: once.privateKey, publicKey: theirs });
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'modelkeep/v1/for-recipient', 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(order));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  for (const secrets of [shared, key]) secrets.fill(0);
  return {
    publicKey: once.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
    iv: iv.toString('base64'), ciphertext: ciphertext.toString('base64'), tag: cipher.getAuthTag().toString('base64'),
  };
}
