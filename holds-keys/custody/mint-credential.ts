/** Makes a credential (256 random bits) and its keyed hash. Custody keeps neither. */
import { createHmac, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { MintCredential } from '#contract/internal/custody.ts';
import { releaseKey } from './release-key.ts';

export function mintCredential(rootKey: Buffer, prefix: z.output<typeof MintCredential.request>['prefix']): z.output<typeof MintCredential.response> {
  const credential = prefix + randomBytes(32).toString('base64url');
  return { credential, hash: credentialHash(rootKey, credential), hint: `${credential.slice(0, prefix.length + 4)}…` };
}

/** HMAC-SHA-256, hexadecimal. */
export function credentialHash(rootKey: Buffer, credential: string): string {
  return createHmac('sha256', releaseKey(rootKey, 'credential-hash')).update(credential).digest('hex');
}
