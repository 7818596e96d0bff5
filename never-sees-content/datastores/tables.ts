import type { ColumnType, JSONColumnType } from 'kysely';
import type { FilePurpose } from '#contract/http/files.ts';
import type { AttemptOutcome } from '#contract/deletion.ts';

/** Where a datastore lies, without its credential. */
export type Place = { kind: 'filesystem'; path: string | null } | { kind: 's3'; endpoint: string; region: string; bucket: string; prefix: string };

export interface DatastoreTables {
  /** `credential`: sealed by key custody. */
  datastores: {
    id: string; project_id: string; name: string; use: 'sealed' | 'designated'; geography: string; place: JSONColumnType<Place>; credential: string | null; is_default: boolean; created_at: string; created_by: string;
  };
  /** Sealed bytes: `writing` until they are whole, acknowledged and belong to a file or a part. */
  objects: { id: string; project_id: string; datastore_id: string; kind: 'file' | 'part'; state: 'writing' | 'stored'; sealed_bytes: number | null; created_at: string };
  /** One of `object_id` and `path` (of designated data) is set. `created_by`: the principal that uploaded it. */
  files: {
    id: string; project_id: string; datastore_id: string; object_id: string | null; path: string | null; filename: string; purpose: FilePurpose; bytes: ColumnType<number, number | undefined, number>; rows: number | null;
    state: 'writing' | 'ready' | 'deleting'; upload_id: string | null; created_at: string; created_by: string; expires_at: string | null;
  };
  uploads: {
    id: string; project_id: string; datastore_id: string; filename: string; purpose: FilePurpose; bytes: number; mime_type: string; state: 'pending' | 'completed' | 'cancelled' | 'expired'; file_id: string | null;
    created_at: string; created_by: string; expires_at: string;
  };
  upload_parts: { id: string; upload_id: string; object_id: string; bytes: ColumnType<number, number | undefined, number>; created_at: string };
  /** Deletions that have begun and have no certificate yet. `before`: whether each known copy opened then. */
  deletions: { object: string; project_id: string; object_id: string | null; actor_kind: string; actor_id: string; started_at: string; before: JSONColumnType<Record<string, AttemptOutcome>> | null };
}
