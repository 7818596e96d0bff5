/** Signs the digest of an audit's report (Ed25519). The key is derived from the root key for this purpose alone and never leaves. */
import { createPublicKey, sign } from 'node:crypto';
import type { z } from 'zod';
import type { SignReport } from '#contract/internal/custody.ts';
import { signingKey } from './signing-key.ts';

export function signReport(rootKey: Buffer, { sha256 }: z.output<typeof SignReport.request>): z.output<typeof SignReport.response> {
  const key = signingKey(rootKey, 'report-signing');
  return { signature: sign(null, Buffer.from(sha256, 'hex'), key).toString('base64'), publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString() };
}
