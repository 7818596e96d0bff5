/** What the gateway and control say to each other about sealed objects. Bytes travel sealed; names, sizes and orders travel as JSON. */
import { z } from 'zod';
import { AttemptOutcome } from '../deletion.ts';
import { FileObject, Filename, FilePurpose } from '../http/files.ts';
import { UploadPart } from '../http/uploads.ts';
import { DatastoreId, Digest, FileId, Name, ObjectId, PartId, ProjectId, UploadId } from '../names.ts';
import { SignedOrder } from './key-order.ts';
import { Principal } from './principal.ts';

const Recipient = z.base64().length(44);
/** Bound into a sealed object's bytes. */
export const SealedAs = z.object({ owner: ProjectId, purpose: z.enum(['file', 'part', 'adapter', 'checkpoint']), object: ObjectId });
export type SealedAs = z.output<typeof SealedAs>;

/** `POST /internal/objects`: a place for a new object, and the order for its keys. Until it is committed, it is swept away when the connection of its bytes ends. */
export const BeginObject = {
  request: z.strictObject({
    principal: Principal, recipient: Recipient,
    what: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('file'), filename: Filename, purpose: FilePurpose, datastore: Name.optional() }),
      z.strictObject({ kind: z.literal('part'), upload: z.string().max(63) }),
    ]),
  }),
  response: z.object({ id: z.union([FileId, PartId]), sealedAs: SealedAs, order: SignedOrder }),
};
/** `PUT /internal/objects/{object}`: the sealed bytes, as a stream. Answered when they are on the disk. */
export const StoredObject = z.object({ sealedBytes: z.int() });
/** `POST /internal/objects/commit`: from here on it exists. `bytes` and `rows` are of the plain file. */
export const CommitObject = {
  request: z.strictObject({ object: ObjectId, bytes: z.int().min(0), rows: z.int().min(0).nullable(), /** Where it was not known at the beginning. */ purpose: FilePurpose.optional() }),
  response: z.union([FileObject, UploadPart]),
};
/** `POST /internal/objects/abandon`: its keys and bytes are destroyed. */
export const AbandonObject = { request: z.strictObject({ object: ObjectId }), response: z.object({}) };
/** `POST /internal/objects/open`: an order that releases a file's keys to `recipient`, and how many sealed bytes `GET /internal/objects/{object}` has. */
export const OpenObject = {
  request: z.strictObject({ principal: Principal, file: z.string().max(63), recipient: Recipient }),
  response: z.discriminatedUnion('storage', [
    z.object({ storage: z.literal('sealed'), sealedAs: SealedAs, sealedBytes: z.int(), bytes: z.int(), filename: Filename, order: SignedOrder }),
    z.object({ storage: z.literal('designated'), datastore: DatastoreId, path: z.string(), bytes: z.int(), filename: Filename }),
  ]),
};
/** `POST /internal/uploads/assemble`: the parts of an upload in their order, each with its order, and the file that they become. */
export const AssembleUpload = {
  request: z.strictObject({ principal: Principal, upload: z.string().max(63), parts: z.array(PartId).min(1).max(10_000), recipient: Recipient }),
  response: z.object({
    upload: UploadId, bytes: z.int(), purpose: FilePurpose, file: z.object({ id: FileId, sealedAs: SealedAs, order: SignedOrder }),
    parts: z.array(z.object({ sealedAs: SealedAs, sealedBytes: z.int(), bytes: z.int() })),
  }),
};
/** `POST /internal/uploads/part-order`: the order for one part's keys, when its turn comes. */
export const PartOrder = { request: z.strictObject({ principal: Principal, upload: UploadId, object: ObjectId, recipient: Recipient }), response: z.object({ order: SignedOrder }) };

/** `GET /internal/deletion-attempts?recipient=`: a stream of JSON lines: copies that the gateway shall try to open, before and after their keys are destroyed. */
export const DeletionAttempt = z.object({ attempt: z.int(), copy: z.string(), sealedAs: SealedAs, sealedBytes: z.int(), /** Its order for `recipient`. */ order: SignedOrder });
export type DeletionAttempt = z.output<typeof DeletionAttempt>;
export const AttemptResult = z.strictObject({ attempt: z.int(), outcome: AttemptOutcome });

/** `POST /internal/uploads/show`: an Upload. */
export const ShowUpload = z.strictObject({ principal: Principal, upload: z.string().max(63) });
/** `POST /internal/encryption/orders`: the order to use a customer-managed key, which the gateway takes to custody with the key's credential. */
export const OrderCustomerKey = {
  /** `settings`: their digest, as it will stand in the order. */
  request: z.strictObject({ principal: Principal, settings: Digest }), response: z.object({ order: SignedOrder }),
};
/** `POST /internal/encryption/changed`: it is in use. Control asks custody what is true, and answers with it. */
export const CustomerKeyChanged = { request: z.strictObject({ principal: Principal }) };
