/** An entry of the ledger and its hash. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#contract/canonical-json.ts';

/** What can happen. Closed: a change that has no kind here cannot be made. */
export const kinds = [
  'installation.created', 'administrator.created', 'project.created', 'project.deletion_started', 'project.deleted', 'token.created', 'token.revoked',
  'model.imported', 'pull.started', 'pull.finished', 'pull.failed',
  'deployment.created', 'deployment.limits_set', 'deployment.deleted', 'key.regenerated', 'engine.added', 'engine.removed',
  'receipt_key.certified', 'receipts.recorded', 'process.started', 'deployment.isolated', 'key.released',
  'account.created', 'account.role_set', 'account.role_removed', 'account.removed', 'account.password_set', 'sign_in_link.created', 'session.started', 'session.ended',
  'audit.started', 'audit.finished',
  'datastore.created', 'datastore.deleted', 'upload.created', 'upload.completed', 'upload.cancelled', 'upload.expired', 'file.stored', 'file.designated', 'file.deletion_started', 'file.deleted',
  'data_key.created', 'data_key.released', 'data_key.destroyed', 'encryption.ordered', 'platform_key.rotated',
  'customer_key.set', 'customer_key.removed', 'customer_key.rotated', 'customer_key.disabled', 'customer_key.enabled', 'customer_key.refused', 'customer_key.answered',
  'backup.recorded', 'installation.restored',
] as const;
export type Kind = (typeof kinds)[number];
export interface Actor { kind: 'local_user' | 'administrator' | 'project_token' | 'account' | 'system'; id: string }

/** What a handler says about its change. Facts are names, ids, digests and numbers, never content and never a secret. */
export interface LedgerEntryInput { kind: Kind; object: string; projectId: string | null; facts: Record<string, string | number | boolean | null> }
export interface LedgerEntry extends LedgerEntryInput { seq: number; at: string; actor: Actor; previous: string }

export const genesis = '0'.repeat(64);

/** SHA-256 over the RFC 8785 form of the entry with the hash of the one before, hexadecimal. */
export function entryHash(entry: LedgerEntry): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex');
}
