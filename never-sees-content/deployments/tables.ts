import type { ColumnType } from 'kysely';
import type { Limits } from '#contract/http/deployments.ts';

export interface DeploymentTables {
  deployments: {
    id: string; name: string; project_id: string; model_name: string; model_version: string; model_digest: string;
    artifact_digest: string | null; task: 'chat-completion' | 'text-generation' | 'embeddings'; engine_id: string | null;
    region: string; geography: string; isolation_requirement: 'required' | 'best-effort' | 'operator-asserted';
    limits: ColumnType<Limits, string, string>; context_length: number | null; created_at: string; created_by: string;
  };
}
