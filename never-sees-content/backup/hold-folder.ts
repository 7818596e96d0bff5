/** A data folder that does not run, for as long as the program works on it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { openRunFolder } from '../supervisor/folders.ts';
import { AlreadyRunning, holdLock } from '../supervisor/lock.ts';
import { startEmbeddedPostgres } from '../storage/embedded-postgres/postgres.ts';
import { BackupError } from './backup-error.ts';

export const isRestoring = (dataFolder: string): boolean => existsSync(join(dataFolder, dataLayout.restoring));

/** Until the program ends. @throws BackupError already_running */
export async function holdFolder(dataFolder: string): Promise<void> {
  try { await holdLock(join(dataFolder, dataLayout.lock), () => process.exit(1)); } catch (error) {
    throw error instanceof AlreadyRunning ? new BackupError('already_running', dataFolder) : error;
  }
}

/** One backup of an installation at a time: the kernel's lock is on the folder itself, since the file of that name belongs to who runs it. @throws BackupError backup_running */
export async function holdForBackup(folder: string): Promise<void> {
  try { await holdLock(folder, () => process.exit(1)); } catch (error) { throw error instanceof AlreadyRunning ? new BackupError('backup_running') : error; }
}

/** Starts the folder's own database, which ends with the work. */
export async function withEmbedded<T>(dataFolder: string, runFolder: string, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  openRunFolder(runFolder);
  const server = await startEmbeddedPostgres({ dataFolder: join(dataFolder, dataLayout.postgres), runFolder });
  try { return await work(server.url); } finally { await server.stop(); }
}
