/** The only reader of the environment and of the arguments in the program of backups. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { MadeBackup } from '#contract/internal/backup.ts';
import { BackupError } from './backup-error.ts';

const Absolute = z.string().startsWith('/');
const Folders = z.object({ data: Absolute, run: Absolute });
const Config = z.discriminatedUnion('task', [
  Folders.extend({ task: z.literal('backup'), place: Absolute, models: z.boolean().default(false), link: z.boolean().default(false) }),
  Folders.extend({ task: z.literal('restore'), place: Absolute }),
  Folders.extend({ task: z.literal('export'), place: Absolute }),
  Folders.extend({ task: z.literal('import'), place: Absolute }),
  /** Tells the ledger of a backup of the keys, which another room has made. */
  Folders.extend({ task: z.literal('record'), made: z.string().transform((text) => MadeBackup.parse(JSON.parse(text))) }),
]);
/** `databaseUrl`: the external database that an installation started from here would use. */
export type BackupConfig = z.output<typeof Config> & { databaseUrl: string | undefined };

const options = { data: { type: 'string' }, run: { type: 'string' }, place: { type: 'string' }, made: { type: 'string' }, models: { type: 'boolean' }, link: { type: 'boolean' } } as const;

/** @throws BackupError configuration_invalid */
export function readConfig([task, ...args]: string[]): BackupConfig {
  try {
    const databaseUrl = process.env['DATABASE_URL'];
    return { ...Config.parse({ task, ...parseArgs({ args, options }).values }), databaseUrl: databaseUrl === '' ? undefined : databaseUrl };
  } catch (error) { throw new BackupError('configuration_invalid', undefined, error); }
}
