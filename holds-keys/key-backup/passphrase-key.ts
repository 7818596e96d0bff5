/** The key of a passphrase: argon2id. A guess costs a quarter of a gigabyte and most of a second. */
import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { KeyBackupError } from './key-backup-error.ts';

const derive = promisify(argon2);
/** `memory`: KiB. Bounded, so that a file of somebody else's cannot ask for everything. */
export const Cost = z.strictObject({ name: z.literal('argon2id'), memory: z.int().min(65_536).max(1_048_576), passes: z.int().min(1).max(16), parallelism: z.int().min(1).max(16), salt: z.base64().length(24) });
export type Cost = z.output<typeof Cost>;
export const cost = { name: 'argon2id', memory: 262_144, passes: 3, parallelism: 4 } as const;
/** UTF-16 units. */
const shortest = 12;

/** @throws KeyBackupError passphrase_short */
export function checkPassphrase(passphrase: string): void { if (passphrase.normalize('NFC').length < shortest) throw new KeyBackupError('passphrase_short'); }

export async function passphraseKey(passphrase: string, { memory, passes, parallelism, salt }: Cost): Promise<Buffer> {
  return await derive('argon2id', { message: Buffer.from(passphrase.normalize('NFC')), nonce: Buffer.from(salt, 'base64'), tagLength: 32, memory, passes, parallelism });
}
