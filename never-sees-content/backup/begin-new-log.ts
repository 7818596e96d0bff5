/** What is done to a database that was loaded from an older state, in the same transaction. */
import { appendEntries } from '../ledger/append.ts';
import { checkChain } from '../ledger/check-chain.ts';
import type { Writer } from '../storage/storage.ts';
import { BackupError } from './backup-error.ts';
import type { Origin } from './manifest.ts';
import { author } from './record-backup.ts';

export interface Loaded { origin: Origin; /** Of what it was loaded from: `sha256:…`. */ digest: string; /** Object of the entry with which the new log begins. */ restoreId: string; /** Whether the data folder has a model file. */ hasModel: (artifactDigest: string) => boolean }
export interface Restored { entries: number; /** Models whose file is not there: they are pulled again. */ modelsToPull: string[] }

/** @throws BackupError ledger_broken */
export async function beginNewLog(tx: Writer, { origin, digest, restoreId, hasModel }: Loaded): Promise<Restored> {
  const chain = await checkChain(tx);
  const head = await tx.selectFrom('ledger_head').select('hash').executeTakeFirst();
  if (!chain.ok || chain.entries !== origin.ledger.entries || head?.hash !== origin.ledger.head) throw new BackupError('ledger_broken');
  const checkpoint = await tx.selectFrom('ledger_checkpoints').select(['size', 'root']).orderBy('size', 'desc').limit(1).executeTakeFirst();
  const pulled = await tx.selectFrom('model_versions').select(['digest', 'name', 'artifact_digest']).where('artifact_digest', 'is not', null).execute();
  const missing = pulled.filter(({ artifact_digest: artifact }) => artifact !== null && !hasModel(artifact));
  if (missing.length > 0) await tx.updateTable('model_versions').set({ artifact_digest: null, artifact_size: null }).where('digest', 'in', missing.map((row) => row.digest)).execute();
  await appendEntries(tx, [{ actor: author, input: { kind: 'installation.restored', object: restoreId, projectId: null, facts: {
    backupDigest: digest, takenAt: origin.takenAt, restoredFrom: origin.ledger.log, restoredSize: checkpoint?.size ?? 0, restoredRoot: checkpoint?.root.toString('base64') ?? null,
  } } }]);
  return { entries: chain.entries + 1, modelsToPull: [...new Set(missing.map(({ name }) => name))].sort() };
}
