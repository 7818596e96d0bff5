/**
 * An order: the word of control, signed, by which key custody acts on a data key. Who asked, for what, for which object and job, and whose process the key goes to.
 * Custody obeys no other word, and each order once. Control writes its ledger entry before it signs.
 */
import { z } from 'zod';
import { Digest, ObjectId, OrderId, ProjectId, Time } from '../names.ts';

/** What is done to the object's data keys. */
export const OrderAction = z.enum(['create', 'release', 'destroy']);
/** Why. Bound into the order and written into the ledger. */
export const ReleasePurpose = z.enum(['upload', 'read', 'assemble', 'deletion_proof', 'training', 'serving']);
export type ReleasePurpose = z.output<typeof ReleasePurpose>;

export const KeyOrder = z.strictObject({
  v: z.literal(1), id: OrderId, action: OrderAction, purpose: ReleasePurpose, project: ProjectId, object: ObjectId,
  /** What kind of object it is: bound into the wrapping of its keys and into its bytes. */
  kind: z.enum(['file', 'part', 'adapter', 'checkpoint']),
  principal: z.strictObject({ kind: z.string().regex(/^[a-z_]{1,20}$/), id: z.string().regex(/^[a-z0-9_]{1,40}$/) }), job: z.string().regex(/^[a-z0-9_]{1,40}$/).nullable(),
  /** X25519 public key of the one process that can open the answer, base64; null where nothing is released. */
  recipient: z.base64().length(44).nullable(),
  issuedAt: Time, expiresAt: Time,
  /** `issuedAt` by the machine's monotonic clock, milliseconds. Whether an order is late is told by this one, so that a jump of the other makes no old order good and no new one late. */
  monotonic: z.int().min(0),
});
export type KeyOrder = z.output<typeof KeyOrder>;
/** `order`: RFC 8785 text of a KeyOrder. `signature`: Ed25519 over its UTF-8 bytes, by the key that the supervisor gave control at its start. */
export const SignedOrder = z.strictObject({ order: z.string().max(2000), signature: z.base64().length(88) });
export type SignedOrder = z.output<typeof SignedOrder>;

/** An order about a project's wrapping keys. */
export const ProjectOrder = z.strictObject({
  v: z.literal(1), id: OrderId, action: z.enum(['set_customer_key', 'remove_customer_key', 'rotate_platform', 'rotate_customer', 'disable_customer_key', 'enable_customer_key', 'destroy_project', 'seal_secret', 'open_secret']),
  project: ProjectId,
  /** Of a secret: its name in the database, bound into its sealing. */
  secret: z.string().regex(/^[a-z0-9_]{1,60}$/).nullable(),
  /** Of `set_customer_key`: digest of the RFC 8785 form of `settings` and `onDenied`, so that no other key can be brought with the order. */
  settings: Digest.exactOptional(),
  principal: KeyOrder.shape.principal, recipient: KeyOrder.shape.recipient, issuedAt: Time, expiresAt: Time, monotonic: KeyOrder.shape.monotonic,
});
export type ProjectOrder = z.output<typeof ProjectOrder>;
