/** The database of an installation, whether it runs or not, and how its ledger is told of a backup. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Client } from 'undici';
import { dataLayout, sockets } from '#contract/installation.ts';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { AuditError } from '../audit/audit-error.ts';
import { databaseOf, findInstallation } from '../audit/installation.ts';
import { appendEntries } from '../ledger/append.ts';
import { migrations } from '../storage/migrations/index.ts';
import { withConnection } from '../storage/one-connection.ts';
import { BackupError } from './backup-error.ts';
import { holdFolder, isRestoring, withEmbedded } from './hold-folder.ts';
import { author, enterBackup } from './record-backup.ts';

export interface FoundDatabase { databaseUrl: string; /** @returns whether the ledger has it. */ record: (made: MadeBackup) => Promise<boolean> }
interface Where { data: string; run: string; databaseUrl: string | undefined }

/** The running installation's, else the one of `databaseUrl`, else the folder's own. @throws BackupError */
export async function withDatabase<T>({ data, run, databaseUrl }: Where, work: (found: FoundDatabase) => Promise<T>): Promise<T> {
  if (isRestoring(data)) throw new BackupError('restore_unfinished', data);
  const installation = await findInstallation(data, run).catch((error: unknown) => { if (error instanceof AuditError) return undefined; throw error; });
  if (installation) return await work({ databaseUrl: databaseOf(installation).databaseUrl, record: async (made) => await tellControl(run, made) });
  const alone = async (url: string): Promise<T> => await work({ databaseUrl: url, record: async (made) => await enterAlone(url, made) });
  if (databaseUrl !== undefined) return await alone(databaseUrl);
  if (!existsSync(join(data, dataLayout.postgres))) throw new BackupError('no_installation', data);
  await holdFolder(data);
  return await withEmbedded(data, run, alone);
}

/** @throws BackupError not_recorded */
async function tellControl(run: string, made: MadeBackup): Promise<boolean> {
  const client = new Client('http://control', { socketPath: join(run, sockets.control), connect: { timeout: 5000 }, headersTimeout: 30_000 });
  try {
    const { statusCode, body } = await client.request({ path: '/internal/backups', method: 'POST', body: JSON.stringify(made) });
    await body.dump();
    if (statusCode !== 200) throw new BackupError('not_recorded');
    return true;
  } catch (error) { throw error instanceof BackupError ? error : new BackupError('not_recorded', undefined, error); } finally { await client.close().catch(() => undefined); }
}

/** Nobody runs: the entry is made here, and published at the next start. A schema of another version is left alone. */
async function enterAlone(databaseUrl: string, made: MadeBackup): Promise<boolean> {
  return await withConnection(databaseUrl, async (db) => {
    const { rows: [newest] } = await sql<{ name: string | null }>`select max(name) as name from kysely_migration`.execute(db);
    if (newest?.name !== Object.keys(migrations).sort().at(-1)) return false;
    await db.transaction().execute(async (tx) => {
      const entry = await enterBackup(tx, made);
      if (entry) await appendEntries(tx, [{ actor: author, input: entry }]);
    });
    return true;
  });
}
