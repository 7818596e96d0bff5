/** A project token as the API shows it: never its value. */
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';

interface Row { id: string; name: string | null; hint: string; created_at: string; created_by: string; expires_at: string | null; revoked_at: string | null }

export const viewToken = (row: Row, project: string): ResponseOf<typeof operations.revokeToken> => ({
  id: row.id, name: row.name ?? '', project, hint: row.hint, createdAt: row.created_at, createdBy: row.created_by, expiresAt: row.expires_at, revokedAt: row.revoked_at,
});
