/** `POST /internal/backups`: the program of a backup tells control of it, for the ledger. Answered once the entry is committed; told again, it changes nothing. */
import { z } from 'zod';
import { BackupId, Digest, Time } from '../names.ts';

export const MadeBackup = z.strictObject({
  id: BackupId, kind: z.enum(['data', 'keys']), takenAt: Time, objects: z.int().min(0), bytes: z.int().min(0), digest: Digest, place: z.string().min(1).max(4096),
});
export type MadeBackup = z.output<typeof MadeBackup>;
