/**
 * A receipt: what was done with one request, signed by the gateway that did it. RFC 8785 JSON; `signature` is Ed25519 (hexadecimal) over the document without it.
 * Names follow the ACI specification where it has one; docs/receipts.md maps them. There is no text of a caller in it, and no plain digest of one: commitments are
 * SHA-256 over a salt that only the caller can derive and the exact bytes.
 */
import { z } from 'zod';
import { errorCodes } from './error-codes.ts';
import type { ErrorCode } from './error-codes.ts';
import { Digest, DeploymentId, Name, ProjectId, RequestId } from './names.ts';
import { RetentionMode } from './retention.ts';

/** Who says so. Without hardware that attests the program, nothing here is more than what the operator's program derived or asserted. */
export const ClaimSource = z.enum(['hardware_proven', 'verifier_derived', 'provider_asserted', 'operator_asserted']);

const Commitment = Digest;
const bytes = z.int().min(0);
export const ReceiptEvent = z.discriminatedUnion('type', [
  /** The body as it arrived. Null where it was refused before it was read. */
  z.strictObject({ type: z.literal('request.received'), commitment: Commitment.nullable(), bytes }),
  /** The body that was sent on for inference, after unknown and identifying fields were left out. */
  z.strictObject({ type: z.literal('request.forwarded'), commitment: Commitment, bytes }),
  /** The body that was sent back, with the frames of a stream. */
  z.strictObject({ type: z.literal('response.returned'), commitment: Commitment, bytes }),
]);
/** Half-open ranges of bytes of the body that the filter looked at. */
const Ranges = z.array(z.strictObject({ from: bytes, to: bytes }));

export const UnsignedReceipt = z.strictObject({
  api_version: z.literal('modelkeep/receipt/1'),
  receipt_id: RequestId,
  /** Name of the ledger that certifies the key. */
  log: z.string(),
  /** Pattern of the path, from the contract; null where there is no such operation. */
  endpoint: z.string().nullable(), method: z.string().regex(/^[A-Z]{1,16}$/),
  /** Unix seconds, by the gateway's clock, when the answer ended. */
  served_at: z.int(),
  caller: z.enum(['local_user', 'administrator', 'project_token', 'endpoint_key', 'account', 'unauthenticated']),
  project: ProjectId.nullable(), deployment: DeploymentId.nullable(),
  outcome: z.enum(['complete', 'refused', 'aborted', 'failed']),
  /** HTTP status; 499 where the caller left before one was sent. */
  status: z.int(), code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]).nullable(),
  model_digest: Digest.nullable(), adapter_digest: Digest.nullable(),
  /** Digest of the engine's program; of its declaration where it is an external one. */
  engine: z.strictObject({ kind: z.enum(['embedded', 'external']), digest: Digest.nullable() }).nullable(),
  region: Name, geography: Name,
  /** Digest of the deployment's isolation profile (spelledProfile), which the ledger has too. */
  isolation: z.strictObject({ tier: z.enum(['bubblewrap', 'launcher', 'none', 'external']), profile_digest: Digest }).nullable(),
  /** `sealed`: the caller uploaded it to be kept, and it is, in two layers of encryption. */
  retention: RetentionMode.or(z.literal('sealed')),
  cache_scope: z.enum(['project', 'none']),
  filter: z.strictObject({ name: z.string(), version: z.string().nullable(), digest: Digest.nullable(), verdict: z.enum(['not_screened', 'passed', 'blocked']), prompt_ranges: Ranges, output_ranges: Ranges }),
  usage: z.strictObject({ prompt_tokens: z.int(), cached_tokens: z.int(), output_tokens: z.int() }),
  /** Everyone who was given anything of the request, beside the caller. */
  parties: z.array(z.strictObject({ party: z.enum(['gateway', 'control', 'worker', 'external_engine']), received: z.array(z.enum(['request', 'answer', 'usage'])) })),
  /** The source of each statement above. */
  claims: z.array(z.strictObject({ claim: z.string(), status: z.enum(['asserted', 'refuted', 'unknown']), source: ClaimSource })),
  /** SHA-256 of the salt, so that an opening can be told from another. */
  salt_digest: Digest,
  event_log: z.array(ReceiptEvent),
  key_id: z.string().regex(/^rky_[0-9a-f]{32}$/),
});
export type UnsignedReceipt = z.output<typeof UnsignedReceipt>;
export const Receipt = UnsignedReceipt.extend({ signature: z.string().regex(/^[0-9a-f]{128}$/) });
export type Receipt = z.output<typeof Receipt>;

/** Where a leaf stands in a tree: RFC 6962 audit path, hashes in base64 from the leaf upwards. */
export const Inclusion = z.strictObject({ index: z.int().min(0), path: z.array(z.base64()) });
/** An entry of the ledger as it is published, and where. */
export const ProvenEntry = Inclusion.extend({ entry: z.string() });
export type ProvenEntry = z.output<typeof ProvenEntry>;

/** That a receipt and the key that signed it are in the ledger. */
export const ReceiptProof = z.strictObject({
  /** Verifier key and newest checkpoint of the ledger (signed note). */
  key: z.string(), checkpoint: z.string(),
  /** The entry that certifies the receipt's key. */
  certification: ProvenEntry,
  /** The entry with the root of the batch, and the receipt's place in the batch. */
  batch: ProvenEntry, receipt: Inclusion,
});
export type ReceiptProof = z.output<typeof ReceiptProof>;

/** What `GET /v1/receipts/{id}` answers and `modelkeep receipts get` writes: RFC 8785 JSON. */
export const ReceiptFile = z.strictObject({
  format: z.literal('modelkeep/receipt-file/1'),
  receipt: Receipt,
  /** The salt (base64), added on the caller's side. */
  opening: z.strictObject({ salt: z.base64() }).nullable(),
  /** Null until the receipt's batch is in the ledger: a second or two. */
  ledger: ReceiptProof.nullable(),
});
export type ReceiptFile = z.output<typeof ReceiptFile>;

/** Salt of a request, 32 bytes: HMAC-SHA-256 with the caller's key over this label, a line feed and the request id. */
export const saltLabel = 'modelkeep/receipt/1';
/** A commitment is SHA-256 over the salt, the event's type with a line feed, and the bytes. */
export type Committed = z.output<typeof ReceiptEvent>['type'];
