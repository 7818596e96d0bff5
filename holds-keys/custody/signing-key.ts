/** An Ed25519 key of one purpose, derived from the root key. It does not leave custody. */
import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { releaseKey } from './release-key.ts';

/** PKCS #8 of an Ed25519 key up to its 32-byte seed (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

export function signingKey(rootKey: Buffer, purpose: 'ledger-signing' | 'report-signing'): KeyObject {
  const seed = releaseKey(rootKey, purpose);
  const der = Buffer.concat([pkcs8Head, seed]);
  try { return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }); } finally { seed.fill(0); der.fill(0); }
}
