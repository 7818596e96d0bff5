/** Writes the keys folder into one encrypted file. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { writeKeyFile } from '../custody/key-file.ts';
import { collectKeys } from './collect-keys.ts';
import { sealKeys } from './key-archive.ts';
import { KeyBackupError } from './key-backup-error.ts';

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const identifier = (): string => `bak_${Array.from(randomBytes(26), (byte) => alphabet[byte & 31]).join('')}`;

/** Never over another file. @throws KeyBackupError */
export async function backupKeys(dataFolder: string, place: string, passphrase: string): Promise<MadeBackup> {
  const files = await collectKeys(join(dataFolder, dataLayout.keys));
  const authority = files.find(({ path }) => path === 'ca.pem');
  if (!authority || !files.some(({ path }) => path === 'root.key')) throw new KeyBackupError('no_keys');
  const about = { id: identifier(), takenAt: new Date().toISOString(), authority: sha256(authority.contents) };
  const archive = await sealKeys(files, about, passphrase);
  for (const { contents } of files) contents.fill(0);
  try { writeKeyFile(place, archive, 0o600, true); } catch (error) { throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? new KeyBackupError('exists') : error; }
  return { id: about.id, kind: 'keys', takenAt: about.takenAt, objects: files.length, bytes: archive.length, digest: sha256(archive), place };
}
