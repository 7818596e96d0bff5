export interface MeteringTables {
  usage_records: {
    request_id: string; project_id: string; deployment_id: string; model_digest: string; region: string; operation: string; outcome: string;
    at: string; prompt_tokens: number; cached_tokens: number; output_tokens: number;
  };
}
