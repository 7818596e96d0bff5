import type { ColumnType } from 'kysely';
import type { ModelManifest } from '#contract/http/models.ts';

export interface CatalogTables {
  model_versions: {
    digest: string; name: string; version: string; manifest: ColumnType<ModelManifest, string, never>;
    /** SHA-256 and bytes of the file that the engine loads, once pulled. */
    artifact_digest: string | null; artifact_size: number | null; pinned: 'manifest' | 'first_pull' | null;
    imported_at: ColumnType<string, string | undefined, never>; imported_by: string; position: ColumnType<number, number | undefined, never>;
  };
  pulls: {
    id: string; model_digest: string; state: 'queued' | 'fetching' | 'verifying' | 'converting' | 'done' | 'failed';
    received_bytes: number; total_bytes: number | null; failure: string | null; started_at: string; finished_at: string | null; actor_kind: string; actor_id: string;
  };
  /** What the first pull of a file without a pin found, so that the second must find the same. */
  pins: { model_digest: string; role: string; sha256: string };
}
