/** Signs the digest of an audit's report (Ed25519). The key is derived from the root key for this purpose alone and never leaves. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { z } from 'zod';
import type { SignReport } from '#contract/internal/custody.ts';
import { releaseKey } from './release-key.ts';

/** PKCS #8 of an Ed25519 key up to its 32-byte seed (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

export function signReport(rootKey: Buffer, { sha256 }: z.output<typeof SignReport.request>): z.output<typeof SignReport.response> {
  const seed = releaseKey(rootKey, 'report-signing');
  const der = Buffer.concat([pkcs8Head, seed]);
  try {
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return { signature: sign(null, Buffer.from(sha256, 'hex'), key).toString('base64'), publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString() };
  } finally { seed.fill(0); der.fill(0); }
}
