/** The process of `modelkeep backup-keys` and `restore-keys`: a program of custody's room, since nobody else opens the keys. It says one line of JSON. */
import { writeSync } from 'node:fs';
import { backupKeys } from './backup-keys.ts';
import { compareKeys } from './compare-keys.ts';
import { readConfig } from './config.ts';
import type { KeyBackupConfig } from './config.ts';
import { KeyBackupError } from './key-backup-error.ts';
import { restoreKeys } from './restore-keys.ts';
import { settleBackup } from './settle-backup.ts';

const longest = 4096;

/** The first line of standard input. */
async function readPassphrase(): Promise<string> {
  let text = '';
  for await (const part of process.stdin.setEncoding('utf8') as AsyncIterable<string>) { text += part; if (text.includes('\n') || text.length > longest) break; }
  return text.split('\n')[0] ?? '';
}

async function perform(config: KeyBackupConfig): Promise<object> {
  switch (config.task) {
    case 'backup': return await backupKeys(config.data, config.file, await readPassphrase());
    case 'settle': return await settleBackup(config.data, config.file, await readPassphrase());
    case 'restore': return { ...await restoreKeys(config.data, config.file, await readPassphrase()), ...compareKeys(config.data) };
    case 'compare': return compareKeys(config.data);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof KeyBackupError) return error.code;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return 'disk_full';
  return code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EISDIR' ? 'unreadable' : 'unexpected';
}

/** The file that was asked for, while it is made under another name, too. */
const placeOf = (error: unknown): string | null => (error as NodeJS.ErrnoException).path?.replace(/\.making-[0-9a-f]+$/, '') ?? null;

const say = (said: object): void => { writeSync(1, `${JSON.stringify(said)}\n`); };
process.umask(0o077);
try {
  say({ result: await perform(readConfig(process.argv.slice(2))) });
  process.exit(0);
} catch (error) {
  const code = codeOf(error);
  say({ error: { code, subject: code === 'unreadable' ? placeOf(error) : null } });
  process.exit(1);
}
