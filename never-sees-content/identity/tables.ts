import type { ColumnType } from 'kysely';

export interface IdentityTables {
  projects: { id: string; name: string; created_at: string; created_by: string };
  /** Keyed hashes of every credential; never a credential. */
  credentials: {
    id: string; kind: 'endpoint_key' | 'project_token' | 'administrator'; hash: string; hint: string; name: string | null;
    project_id: string | null; deployment_id: string | null; slot: 'primary' | 'secondary' | null;
    created_at: string; created_by: string; expires_at: string | null; revoked_at: ColumnType<string | null, string | null, string>;
  };
}
