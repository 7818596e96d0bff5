/**
 * A data key sealed under a key-encryption key of its own (AES-256-GCM). RSA has no associated data: the vault wraps the key-encryption key, and the
 * seal holds data key, context and the id of the vault's key together. It is opened by nobody who has not had the vault unwrap that key.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { contextBytes } from '../context.ts';
import { ProviderError } from '../provider.ts';
import type { WrapContext } from '../provider.ts';

export interface Seal { ciphertext: Buffer; iv: Buffer; tag: Buffer }

const bound = (kid: string, context: WrapContext): Buffer => Buffer.concat([contextBytes(context), Buffer.from(`\n${kid}`)]);

export function seal(key: Buffer, keyEncryptionKey: Buffer, kid: string, context: WrapContext): Seal {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyEncryptionKey, iv).setAAD(bound(kid, context));
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()]);
  return { ciphertext, iv, tag: cipher.getAuthTag() };
}

/** @throws ProviderError `tampered` */
export function open({ ciphertext, iv, tag }: Seal, keyEncryptionKey: Buffer, kid: string, context: WrapContext): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keyEncryptionKey, iv, { authTagLength: 16 }).setAAD(bound(kid, context)).setAuthTag(tag);
  const plain = decipher.update(ciphertext);
  try { return Buffer.concat([plain, decipher.final()]); } catch { throw new ProviderError('tampered'); } finally { plain.fill(0); }
}
