/** Looks for what is left of a deployment after its deletion, in the same transaction. */
import { canonicalJson } from '#contract/canonical-json.ts';
import type { DeletionStatement } from '#contract/deletion.ts';
import type { Writer } from '../storage/storage.ts';

/** @returns RFC 8785 JSON. @throws where a copy is still there: the deletion is undone */
export async function deletionStatement(tx: Writer, deploymentId: string): Promise<string> {
  const deployment = await tx.selectFrom('deployments').select('id').where('id', '=', deploymentId).executeTakeFirst();
  const key = await tx.selectFrom('credentials').select('id').where('deployment_id', '=', deploymentId).executeTakeFirst();
  if (deployment || key) throw new Error('a copy remains');
  const statement: DeletionStatement = {
    copies: [
      { copy: 'the deployment and its settings', place: 'database', outcome: 'absent' },
      { copy: 'keyed hashes of its endpoint keys', place: 'database', outcome: 'absent' },
    ],
    kept: [
      { what: 'usage records', why: 'what was used is billed' },
      { what: 'entries of the ledger', why: 'what happened stays provable' },
      { what: 'replaced rows in the database\'s files, write-ahead log and backups', why: 'the database reuses them later; there is no content in them' },
    ],
  };
  return canonicalJson(statement);
}
