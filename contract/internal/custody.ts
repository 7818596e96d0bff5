/** key-custody's operations on its local socket. It never sees content and has no TCP listener. */
import { z } from 'zod';
import type { ErrorCode } from '../error-codes.ts';
import { CustomerKeyCredential, CustomerKeySettings, KeyState, ProviderKind } from '../http/encryption.ts';
import { ObjectId, ProjectId, Time } from '../names.ts';
import { SignedOrder } from './key-order.ts';

/** What a key is for: bound into its derivation, so that a key of one purpose is useless for another. */
export const Purpose = z.enum(['credential-hash', 'cache-scope']);
export type Purpose = z.output<typeof Purpose>;

/** `POST /mint-credential`: makes a credential and its keyed hash. Custody keeps neither. */
export const MintCredential = {
  request: z.strictObject({ prefix: z.enum(['mk-ek-', 'mk-pt-', 'mk-ad-', 'mk-ss-', 'mk-sl-']) }),
  response: z.object({ credential: z.string(), hash: z.string().regex(/^[0-9a-f]{64}$/), hint: z.string() }),
};
/** `POST /release-key`: a 32-byte key of one purpose, base64, to the gateway, which holds it in memory. */
export const ReleaseKey = {
  request: z.strictObject({ purpose: Purpose }),
  response: z.object({ key: z.base64() }),
};
/** `POST /sign-checkpoint`: a checkpoint of the ledger as a signed note (C2SP tlog-checkpoint, signed-note, Ed25519), and the key that verifies it. */
export const SignCheckpoint = {
  request: z.strictObject({
    /** Name of the log and of its key. */
    origin: z.string().regex(/^[\w./-]{1,200}$/),
    /** Number of entries, and the RFC 6962 root hash over them, base64. */
    size: z.int().min(0), root: z.base64().length(44),
  }),
  response: z.object({ note: z.string(), verifierKey: z.string() }),
};
/** `POST /issue-server-certificate`: a certificate of the installation's own authority for the given names, and its key. */
export const IssueServerCertificate = {
  request: z.strictObject({ names: z.array(z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/)).min(1).max(50) }),
  response: z.object({ certificate: z.string(), key: z.string(), authority: z.string() }),
};
/** `POST /sign-report`: Ed25519 over the SHA-256 of an audit's report, and the PEM of the key that verifies it. */
export const SignReport = {
  request: z.strictObject({ /** Hexadecimal. */ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  response: z.object({ signature: z.base64(), publicKey: z.string() }),
};

/** A secret for one process: X25519 with a key of custody's that is used once, HKDF-SHA-256, AES-256-GCM with the order as associated data. All base64. */
export const ForRecipient = z.object({ publicKey: z.base64(), iv: z.base64(), ciphertext: z.base64(), tag: z.base64() });
export type ForRecipient = z.output<typeof ForRecipient>;

/** Why custody refuses to act on a key. `order_refused`: not signed by control, late, used before, or about something else. */
export const KeyRefusal = z.enum(['order_refused', 'key_not_found', 'key_exists', 'customer_key_denied', 'customer_key_unreachable', 'customer_key_misconfigured', 'customer_key_not_set', 'key_tampered']);
export type KeyRefusal = z.output<typeof KeyRefusal>;
/** A refusal of custody as callers of the API are told it. */
export const toldAs = {
  customer_key_denied: 'customer_key_denied', customer_key_unreachable: 'customer_key_unreachable', customer_key_misconfigured: 'customer_key_misconfigured', customer_key_not_set: 'customer_key_not_set',
  order_refused: 'key_custody_unavailable', key_exists: 'internal_error', key_not_found: 'file_not_found', key_tampered: 'sealed_data_invalid',
} as const satisfies Record<KeyRefusal, ErrorCode>;

/** `POST /create-data-keys`: two new data keys of an object, wrapped and kept, and released: platform layer's 32 bytes, then the customer layer's. */
export const CreateDataKeys = { request: z.strictObject({ order: SignedOrder }), response: z.object({ keys: ForRecipient, lease: z.string() }) };
/** `POST /release-data-keys`: the same, of an object that has them. The customer-managed key is asked each time. */
export const ReleaseDataKeys = CreateDataKeys;
/** `POST /renew-lease`: whether keys that were released may still be used. Whoever holds them asks at least every second, and drops them on any refusal. */
export const RenewLease = { request: z.strictObject({ lease: z.string().max(100) }), response: z.object({ renewed: z.literal(true) }) };
/** `POST /end-lease`: the holder has wiped them. */
export const EndLease = { request: RenewLease.request, response: z.object({}) };
/** `POST /destroy-data-keys`: every wrapped copy that custody has is overwritten and removed; leases end. Done again, it finds nothing and says so. */
export const DestroyDataKeys = { request: z.strictObject({ order: SignedOrder }), response: z.object({ destroyed: z.boolean(), leasesEnded: z.int() }) };
/** `POST /list-data-keys`: objects that have data keys, for the search for orphans. */
export const ListDataKeys = { request: z.strictObject({ after: ObjectId.nullable(), limit: z.int().min(1).max(10_000) }), response: z.object({ objects: z.array(ObjectId) }) };

export const ProjectKeys = z.object({
  project: ProjectId, platformVersion: z.int(), platformSince: Time, dataKeys: z.int(),
  customer: z.object({ by: z.enum(['platform', 'customer']), version: z.string() }),
  customerKey: z.object({
    provider: ProviderKind, settings: CustomerKeySettings, state: KeyState, kid: z.string(), checkedAt: Time.nullable(), since: Time, onDenied: z.enum(['keep', 'stop']), developmentOnly: z.boolean(),
  }).nullable(),
  rotation: z.object({ done: z.int(), of: z.int() }).nullable(),
});
export type ProjectKeys = z.output<typeof ProjectKeys>;
/** `POST /show-project-keys`. */
export const ShowProjectKeys = { request: z.strictObject({ project: ProjectId }), response: ProjectKeys };
/** `POST /watch-key-states`: the states of all customer-managed keys as soon as they differ from `seen`, or after ten seconds. */
export const WatchKeyStates = {
  request: z.strictObject({ seen: z.int() }),
  response: z.object({ version: z.int(), states: z.array(z.object({ project: ProjectId, state: KeyState, onDenied: z.enum(['keep', 'stop']) })) }),
};
/** `POST /change-project-keys`: what the order says. Settings and credential come with `set_customer_key`, from the gateway; control never has the credential. */
export const ChangeProjectKeys = {
  request: z.strictObject({ order: SignedOrder, customerKey: z.strictObject({ settings: CustomerKeySettings, credential: CustomerKeyCredential.optional(), onDenied: z.enum(['keep', 'stop']) }).optional() }),
  response: z.object({}),
};
/** `POST /seal-secret`, `/open-secret`: a provider's credential or a webhook's secret, sealed under the project's platform key; the database keeps the sealed text. */
export const SealSecret = { request: z.strictObject({ order: SignedOrder, secret: z.string().max(8192) }), response: z.object({ sealed: z.string().max(16_384) }) };
export const OpenSecret = { request: z.strictObject({ order: SignedOrder, sealed: z.string().max(16_384) }), response: z.object({ secret: ForRecipient }) };
