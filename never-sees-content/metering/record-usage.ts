/** Writes usage records and leaves of receipts: each once, however often it is sent. */
import { sql } from 'kysely';
import type { ReceiptLeaf } from '#contract/internal/receipt-leaf.ts';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import type { Storage } from '../storage/storage.ts';

/** @returns how many usage records were new, after COMMIT. */
export async function recordUsage(storage: Storage, records: UsageRecord[], receipts: ReceiptLeaf[] = []): Promise<number> {
  if (records.length + receipts.length === 0) return 0;
  const column = <K extends keyof UsageRecord>(name: K): UsageRecord[K][] => records.map((record) => record[name]);
  const result = await storage.record((db) => sql<{ fresh: number }>`with leaves as (
    insert into receipt_leaves (request_id, hash) select * from unnest(${receipts.map((each) => each.requestId)}::text[], ${receipts.map((each) => Buffer.from(each.hash, 'hex'))}::bytea[])
    order by 1 on conflict do nothing), usage as (
    insert into usage_records (request_id, project_id, deployment_id, model_digest, region, operation, outcome, at, prompt_tokens, cached_tokens, output_tokens)
    select * from unnest(${column('requestId')}::text[], ${column('projectId')}::text[], ${column('deploymentId')}::text[], ${column('modelDigest')}::text[], ${column('region')}::text[],
      ${column('operation')}::text[], ${column('outcome')}::text[], ${records.map((record) => new Date(record.at).toISOString())}::timestamptz[],
      ${column('promptTokens')}::bigint[], ${column('cachedTokens')}::bigint[], ${column('outputTokens')}::bigint[])
    order by 1 -- two batches with the same records must not wait for each other
    on conflict (request_id) do nothing returning 1) select count(*) as fresh from usage`.execute(db));
  return result.rows[0]?.fresh ?? 0;
}
