/** The process of `modelkeep backup`, `restore`, `export` and `import`. It reads no key, and what it copies of customers' files is sealed. */
import { EmbeddedPostgresError } from '../storage/embedded-postgres/error.ts';
import { LoadRefused } from '../storage/load-tables.ts';
import { NotModelkeep } from '../storage/read-tables.ts';
import { StorageError } from '../storage/storage.ts';
import { ConfigurationError } from '../supervisor/configuration-error.ts';
import { BackupError } from './backup-error.ts';
import { readConfig } from './config.ts';
import type { BackupConfig } from './config.ts';
import { exportFile } from './export-file.ts';
import { withDatabase } from './find-database.ts';
import { importFile } from './import-file.ts';
import { makeBackup } from './make-backup.ts';
import { say } from './progress.ts';
import { restore } from './restore.ts';

const exitStatus = { done: 0, failed: 1, interrupted: 130 } as const;

async function perform(config: BackupConfig): Promise<object> {
  const folders = { dataFolder: config.data, runFolder: config.run, databaseUrl: config.databaseUrl };
  switch (config.task) {
    case 'backup': return await withDatabase(config, async (found) => await makeBackup({ ...found, dataFolder: config.data, place: config.place, models: config.models, link: config.link }));
    case 'restore': return await restore({ ...folders, place: config.place });
    case 'export': return await withDatabase(config, async ({ databaseUrl }) => await exportFile(databaseUrl, config.place));
    case 'import': return await importFile({ ...folders, place: config.place });
    case 'record': return await withDatabase(config, async ({ record }) => ({ recorded: await record(config.made) }));
  }
}

/** Errors of the system and of other nouns, in this program's words. */
function known(error: unknown): BackupError | undefined {
  if (error instanceof BackupError) return error;
  if (error instanceof LoadRefused) return new BackupError(({ database_not_empty: 'database_not_empty', schema_newer: 'archive_newer', rows_refused: 'archive_damaged' } as const)[error.code]);
  if (error instanceof StorageError) return new BackupError('database_unreachable');
  if (error instanceof NotModelkeep) return new BackupError('not_modelkeep');
  if (error instanceof EmbeddedPostgresError) return new BackupError('database_failed', error.message);
  if (error instanceof ConfigurationError) return new BackupError('unreadable', error.message);
  const { code, path } = error as NodeJS.ErrnoException;
  // 53100: the database's own word for it.
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || code === '53100') return new BackupError('disk_full', path);
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? new BackupError('unreadable', path) : undefined;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { say({ error: { code: 'interrupted', subject: null, message: 'interrupted' } }); process.exit(exitStatus.interrupted); });
process.umask(0o077);
try {
  say({ result: await perform(readConfig(process.argv.slice(2))) });
  process.exit(exitStatus.done);
} catch (error) {
  const told = known(error);
  say({ error: { code: told?.code ?? 'unexpected', subject: told?.subject ?? null, message: error instanceof Error ? error.message : 'unknown' } });
  process.exit(exitStatus.failed);
}
