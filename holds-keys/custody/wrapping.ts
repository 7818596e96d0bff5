/** Wraps 32 bytes (or a short secret) under a key of ours: AES-256-GCM, a fresh IV each time, what it belongs to as associated data. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '#contract/canonical-json.ts';
import { KeyRefused } from './key-refused.ts';

export const Wrapped = z.strictObject({ iv: z.base64(), ciphertext: z.base64(), tag: z.base64() });
export type Wrapped = z.output<typeof Wrapped>;
/** What a wrapped key belongs to. The same must be given to unwrap it. */
export type Belonging = Readonly<Record<string, string | number>>;

export function wrap(secret: Buffer, under: Buffer, belonging: Belonging): Wrapped {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', under, iv).setAAD(Buffer.from(canonicalJson(belonging)));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return { iv: iv.toString('base64'), ciphertext: ciphertext.toString('base64'), tag: cipher.getAuthTag().toString('base64') };
}

/** One spelling for the same bytes: another one is not what was written. */
function bytesOf(text: string, length?: number): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || (length !== undefined && bytes.length !== length)) throw new KeyRefused('key_tampered');
  return bytes;
}

/** @throws KeyRefused key_tampered */
export function unwrap({ iv, ciphertext, tag }: Wrapped, under: Buffer, belonging: Belonging): Buffer {
  let plain: Buffer | undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', under, bytesOf(iv, 12), { authTagLength: 16 }).setAAD(Buffer.from(canonicalJson(belonging))).setAuthTag(bytesOf(tag, 16));
    plain = decipher.update(bytesOf(ciphertext));
    return Buffer.concat([plain, decipher.final()]);
  } catch { throw new KeyRefused('key_tampered'); } finally { plain?.fill(0); }
}
