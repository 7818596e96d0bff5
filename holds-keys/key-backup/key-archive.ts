/** The file of a key backup: a line of JSON that says how it is made, then AES-256-GCM of the keys with that line as associated data, and the tag. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { BackupId, Digest, Time } from '#contract/names.ts';
import type { KeyFile } from './collect-keys.ts';
import { KeyBackupError } from './key-backup-error.ts';
import { checkPassphrase, Cost, cost, passphraseKey } from './passphrase-key.ts';

const cipher = 'aes-256-gcm';
const tagLength = 16;
/** `authority`: digest of the authority's certificate, which is public: by it the installation is known without the passphrase. */
const Header = z.strictObject({ format: z.literal('modelkeep/key-backup/1'), id: BackupId, takenAt: Time, authority: Digest, kdf: Cost, cipher: z.strictObject({ name: z.literal(cipher), iv: z.base64().length(16) }) });
export type Header = z.output<typeof Header>;
const KeyPath = z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/);
const Contents = z.strictObject({ files: z.array(z.strictObject({ path: KeyPath, mode: z.int().min(0).max(0o777), contents: z.base64() })) });

/** @throws KeyBackupError passphrase_short */
export async function sealKeys(files: KeyFile[], about: Pick<Header, 'id' | 'takenAt' | 'authority'>, passphrase: string): Promise<Buffer> {
  checkPassphrase(passphrase);
  const header: Header = { format: 'modelkeep/key-backup/1', ...about, kdf: { ...cost, salt: randomBytes(16).toString('base64') }, cipher: { name: cipher, iv: randomBytes(12).toString('base64') } };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const plain = Buffer.from(JSON.stringify({ files: files.map(({ path, mode, contents }) => ({ path, mode, contents: contents.toString('base64') })) }));
  const key = await passphraseKey(passphrase, header.kdf);
  try {
    const sealing = createCipheriv(cipher, key, Buffer.from(header.cipher.iv, 'base64'), { authTagLength: tagLength }).setAAD(line);
    return Buffer.concat([line, sealing.update(plain), sealing.final(), sealing.getAuthTag()]);
  } finally { key.fill(0); plain.fill(0); }
}

/** @throws KeyBackupError not_a_key_backup */
export function readHeader(archive: Buffer): { header: Header; line: Buffer } {
  const end = archive.indexOf(10) + 1;
  const line = archive.subarray(0, end);
  try { return { header: Header.parse(JSON.parse(line.toString())), line }; } catch { throw new KeyBackupError('not_a_key_backup'); }
}

/** Nothing of it is used before all of it is proved. @throws KeyBackupError not_a_key_backup, passphrase_wrong (or a changed file: they cannot be told apart) */
export async function openKeys(archive: Buffer, passphrase: string): Promise<{ header: Header; files: KeyFile[] }> {
  const { header, line } = readHeader(archive);
  if (archive.length < line.length + tagLength) throw new KeyBackupError('not_a_key_backup');
  const key = await passphraseKey(passphrase, header.kdf);
  let plain: Buffer;
  try {
    const opening = createDecipheriv(cipher, key, Buffer.from(header.cipher.iv, 'base64'), { authTagLength: tagLength }).setAAD(line).setAuthTag(archive.subarray(-tagLength));
    plain = Buffer.concat([opening.update(archive.subarray(line.length, -tagLength)), opening.final()]);
  } catch { throw new KeyBackupError('passphrase_wrong'); } finally { key.fill(0); }
  try { return { header, files: Contents.parse(JSON.parse(plain.toString())).files.map(({ contents, ...rest }) => ({ ...rest, contents: Buffer.from(contents, 'base64') })) }; } catch { throw new KeyBackupError('not_a_key_backup'); } finally { plain.fill(0); }
}
