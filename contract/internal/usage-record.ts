/**
 * What the gateway tells control about an answered request: numbers, enums and opaque ids. There is no free-form string in it,
 * so a prompt cannot travel by it; a test holds this.
 */
import { z } from 'zod';
import { DeploymentId, Digest, Name, ProjectId, RequestId } from '../names.ts';
import { ReceiptLeaf } from './receipt-leaf.ts';

export const UsageRecord = z.strictObject({
  requestId: RequestId, projectId: ProjectId, deploymentId: DeploymentId, modelDigest: Digest, region: Name,
  operation: z.enum(['chat_completion', 'completion', 'embeddings']),
  /** `complete`: answered whole. `aborted`: the caller left. `failed`: the engine failed after the first token. */
  outcome: z.enum(['complete', 'aborted', 'failed']),
  /** Unix milliseconds. */
  at: z.int().min(0),
  promptTokens: z.int().min(0), cachedTokens: z.int().min(0), outputTokens: z.int().min(0),
});
export type UsageRecord = z.output<typeof UsageRecord>;

/** `POST /internal/usage`: answered 200 once every record and every receipt's leaf is committed. Sending one again changes nothing. */
export const UsageBatch = z.strictObject({ records: z.array(UsageRecord).max(10_000), receipts: z.array(ReceiptLeaf).max(10_000).default([]) });
