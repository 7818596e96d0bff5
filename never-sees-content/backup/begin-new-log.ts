/** What is done to a database that was loaded from an older state, in the same transaction. */
import { sql } from 'kysely';
import type { MadeBackup } from '#contract/internal/backup.ts';
import { appendEntries } from '../ledger/append.ts';
import { checkChain } from '../ledger/check-chain.ts';
import type { LedgerEntryInput } from '../ledger/entry.ts';
import type { Writer } from '../storage/storage.ts';
import { BackupError } from './backup-error.ts';
import type { Origin } from './manifest.ts';
import { author, enterBackup } from './record-backup.ts';

export interface Loaded { origin: Origin; /** Of what it was loaded from: `sha256:…`. */ digest: string; /** Object of the entry with which the new log begins. */ restoreId: string; /** Whether the data folder has a model file. */ hasModel: (artifactDigest: string) => boolean; /** The archive, which has the sealed files too: its own tables are of before it was entered. */ archive?: MadeBackup }
export interface Restored { entries: number; /** Models whose file is not there: they are pulled again. */ modelsToPull: string[] }

/** @throws BackupError ledger_broken */
export async function beginNewLog(tx: Writer, { origin, digest, restoreId, hasModel, archive }: Loaded): Promise<Restored> {
  const chain = await checkChain(tx);
  const head = await tx.selectFrom('ledger_head').select('hash').executeTakeFirst();
  if (!chain.ok || chain.entries !== origin.ledger.entries || head?.hash !== origin.ledger.head) throw new BackupError('ledger_broken');
  const checkpoint = await tx.selectFrom('ledger_checkpoints').select(['size', 'root']).orderBy('size', 'desc').limit(1).executeTakeFirst();
  const pulled = await tx.selectFrom('model_versions').select(['digest', 'name', 'artifact_digest']).where('artifact_digest', 'is not', null).execute();
  const missing = pulled.filter(({ artifact_digest: artifact }) => artifact !== null && !hasModel(artifact));
  if (missing.length > 0) await tx.updateTable('model_versions').set({ artifact_digest: null, artifact_size: null }).where('digest', 'in', missing.map((row) => row.digest)).execute();
  const entries: LedgerEntryInput[] = [{ kind: 'installation.restored', object: restoreId, projectId: null, facts: {
    backupDigest: digest, takenAt: origin.takenAt, restoredFrom: origin.ledger.log, restoredSize: checkpoint?.size ?? 0, restoredRoot: checkpoint?.root.toString('base64') ?? null,
  } }];
  const known = archive && await hasBackups(tx) ? await enterBackup(tx, archive) : undefined;
  if (known) entries.push(known);
  await appendEntries(tx, entries.map((input) => ({ actor: author, input })));
  return { entries: chain.entries + entries.length, modelsToPull: [...new Set(missing.map(({ name }) => name))].sort() };
}

/** Those of older versions have no such table. */
async function hasBackups(tx: Writer): Promise<boolean> {
  const { rows: [found] } = await sql<{ there: boolean }>`select to_regclass('backups') is not null as there`.execute(tx);
  return found?.there === true;
}
