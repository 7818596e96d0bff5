/** The file of the development provider: versions of one key, in the clear, each with a state that its owner may edit. */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readKeyFile, writeKeyFile } from '../../custody/key-file.ts';
import { KeysUnreadable } from '../../custody/keys-unreadable.ts';
import { ProviderError } from '../provider.ts';

const State = z.enum(['enabled', 'disabled', 'destroyed']);
const Version = z.strictObject({ version: z.int().positive(), state: State, key: z.base64().length(44).optional() });
const KeyFile = z.strictObject({ use: z.literal('development only'), id: z.uuid(), versions: z.array(Version).min(1) });
export type KeyFile = z.infer<typeof KeyFile>;
export type KeyVersion = z.infer<typeof Version>;

const fresh = (version: number): KeyVersion => ({ version, state: 'enabled', key: randomBytes(32).toString('base64') });

/** Makes the file. One that is there stays: a key that was in use is never replaced. */
export function createKeyFile(path: string): void {
  const file: KeyFile = { use: 'development only', id: randomUUID(), versions: [fresh(1)] };
  try { writeKeyFile(path, text(file), 0o600, true); } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new ProviderError('misconfigured', `no file can be made at ${path}`); }
}
/** Adds a version; the others stay as they are. */
export function addVersion(path: string, file: KeyFile): KeyVersion {
  const made = fresh(Math.max(...file.versions.map(({ version }) => version)) + 1);
  writeKeyFile(path, text({ ...file, versions: [...file.versions, made] }), 0o600);
  return made;
}
const text = (file: KeyFile): string => `${JSON.stringify(file, null, 1)}\n`;

/** @throws ProviderError `unreachable` where there is no file, `misconfigured` where others may read it or it is not of this form. */
export function openKeyFile(path: string): KeyFile {
  let file: KeyFile | undefined;
  try { file = KeyFile.safeParse(JSON.parse(readKeyFile(path).toString())).data; } catch (error) {
    if (error instanceof KeysUnreadable) throw new ProviderError(error.reason === 'access' ? 'unreachable' : 'misconfigured', `${path}: ${error.reason}`);
  }
  if (!file || new Set(file.versions.map(({ version }) => version)).size !== file.versions.length) throw new ProviderError('misconfigured', `${path} is not a key file`);
  return file;
}
