/** Backups that were made of the installation. */
import { z } from 'zod';
import { personal, pub } from '../marks.ts';
import { BackupId, Digest, Time } from '../names.ts';
import { operation } from '../operation.ts';

export const Backup = z.object({
  id: pub(BackupId),
  /** `data`: the database and the sealed files. `keys`: the keys, encrypted under a passphrase. */
  kind: pub(z.enum(['data', 'keys'])),
  takenAt: pub(Time), objects: pub(z.int()), bytes: pub(z.int()),
  /** Of manifest.json, or of the file of keys. */
  digest: pub(Digest),
  /** Where it was written, by the machine that it was made on. */
  place: personal(z.string()),
});
export type Backup = z.output<typeof Backup>;

export const listBackups = operation({
  id: 'listBackups', summary: 'Backups that were made of this installation, newest first', tag: 'system', method: 'GET', path: '/api/backups',
  access: 'administrator', servedBy: 'control', response: z.object({ data: z.array(Backup) }), errors: [],
});
