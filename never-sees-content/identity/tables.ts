import type { ColumnType, Generated } from 'kysely';
import type { Browser, System } from '#contract/browsers.ts';
import type { Role } from '#contract/roles.ts';

export interface IdentityTables {
  projects: { id: string; name: string; created_at: string; created_by: string; deleting: Generated<boolean> };
  /** Keyed hashes of every credential; never a credential. */
  credentials: {
    id: string; kind: 'endpoint_key' | 'project_token' | 'administrator'; hash: string; hint: string; name: string | null;
    project_id: string | null; deployment_id: string | null; slot: 'primary' | 'secondary' | null;
    created_at: string; created_by: string; expires_at: string | null; revoked_at: ColumnType<string | null, string | null, string>;
    /** Of a project token: whether somebody who works in the project made it, rather than an operator. */ works: Generated<boolean>;
  };
  /** People. `password`: argon2id, null where one signs in by link only. */
  accounts: { id: string; name: string; password: string | null; created_at: string; created_by: string };
  /** `project_id` is null for a role in the whole installation. */
  account_roles: { account_id: string; project_id: string | null; role: Role };
  sessions: { id: string; hash: string; account_id: string; created_at: string; expires_at: string; method: 'password' | 'link'; browser: Browser; system: System };
  /** When a session was last used, to the minute. */
  session_uses: { session_id: string; last_seen: string };
  /** A row is gone once its link was used. */
  sign_in_links: { hash: string; account_id: string; created_at: string; created_by: string; expires_at: string };
}
