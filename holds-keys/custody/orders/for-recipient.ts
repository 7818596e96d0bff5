/** Gives a secret to one process: only the holder of the recipient's private key opens it, and only as the answer to its order. */
import { createCipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ForRecipient } from '#contract/internal/custody.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { KeyRefused } from '../key-refused.ts';

/** SubjectPublicKeyInfo of an X25519 key up to its 32 bytes (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b656e032100', 'hex');
const publicBytes = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-32);

/**
 * Asked before an order is carried out: what nobody can be given is not made. `recipient`: X25519 public key, base64 of 32 bytes.
 * @throws KeyRefused order_refused where it is none, or a point with which everybody would agree on the same secret
 */
export function recipientKey(recipient: string | null): KeyObject {
  const bytes = Buffer.from(recipient ?? '', 'base64');
  try {
    if (bytes.length !== 32 || bytes.toString('base64') !== recipient) throw new KeyRefused('order_refused');
    const key = createPublicKey({ key: Buffer.concat([spkiHead, bytes]), format: 'der', type: 'spki' });
    diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey: key }).fill(0);
    return key;
  } catch { throw new KeyRefused('order_refused'); }
}

export function forRecipient(secret: Buffer, recipient: KeyObject, { order }: SignedOrder): ForRecipient {
  const once = generateKeyPairSync('x25519');
  const shared = diffieHellman({ privateKey: once.privateKey, publicKey: recipient });
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'modelkeep/v1/for-recipient', 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(order));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  for (const secrets of [shared, key]) secrets.fill(0);
  return { publicKey: publicBytes(once.publicKey).toString('base64'), iv: iv.toString('base64'), ciphertext: ciphertext.toString('base64'), tag: cipher.getAuthTag().toString('base64') };
}
