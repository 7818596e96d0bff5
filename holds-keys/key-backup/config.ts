/** The only reader of the arguments in the program of key backups. The passphrase is the first line of its standard input, and stands nowhere else. */
import { parseArgs } from 'node:util';
import { KeyBackupError } from './key-backup-error.ts';

export type KeyBackupConfig = { task: 'backup' | 'settle' | 'restore'; data: string; file: string } | { task: 'compare'; data: string };

/** @throws KeyBackupError configuration_invalid */
export function readConfig([task, ...args]: string[]): KeyBackupConfig {
  const { data, file } = parseArgs({ args, options: { data: { type: 'string' }, file: { type: 'string' } } }).values;
  if (data?.startsWith('/')) {
    if (task === 'compare') return { task, data };
    if ((task === 'backup' || task === 'settle' || task === 'restore') && file?.startsWith('/')) return { task, data, file };
  }
  throw new KeyBackupError('configuration_invalid');
}
