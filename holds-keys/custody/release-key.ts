/** Derives the key of one purpose (HKDF-SHA-256, 32 bytes): it says nothing about the root key or the key of another purpose. */
import { hkdfSync } from 'node:crypto';
import type { Purpose } from '#contract/internal/custody.ts';

export function releaseKey(rootKey: Buffer, purpose: Purpose | 'ledger-signing' | 'report-signing' | 'platform-keys' | 'provider-credentials' | 'key-records'): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, Buffer.alloc(0), `modelkeep/v1/${purpose}`, 32));
}
