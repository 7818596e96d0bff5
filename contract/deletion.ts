/** A deletion certificate: what was deleted, that each known copy was looked for afterwards and how that ended, and what is kept and why. RFC 8785 JSON. */
import { z } from 'zod';
import { ProjectId } from './names.ts';
import { ProvenEntry } from './receipt.ts';

/** What came of trying to open a copy: whether it opened, and if not, at which step it failed. */
export const AttemptOutcome = z.enum(['opened', 'key_not_found', 'key_denied', 'key_unreachable', 'not_decryptable', 'bytes_missing']);
export type AttemptOutcome = z.output<typeof AttemptOutcome>;

/** What stands, as RFC 8785 text, in the sealed fact `statement` of a `….deleted` entry of the ledger. */
export const DeletionStatement = z.strictObject({
  /** `absent`: it was looked for and is not there. `undecryptable`: its bytes are there, and opening them failed. */
  copies: z.array(z.strictObject({
    copy: z.string(), place: z.string(), outcome: z.enum(['absent', 'undecryptable']),
    /** The same attempt to decrypt, made twice: before the data keys were destroyed, and after. Left out where a copy is no ciphertext. */
    before: AttemptOutcome.or(z.literal('not_tried')).optional(), after: AttemptOutcome.optional(),
  })).min(1),
  kept: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  /** Copies that nobody here can try or destroy. */
  outOfReach: z.array(z.strictObject({ what: z.string(), why: z.string() })).optional(),
});
export type DeletionStatement = z.output<typeof DeletionStatement>;

export const Opening = z.object({ salt: z.base64(), facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) });
export const DeletionCertificate = z.object({
  format: z.literal('modelkeep/deletion/1'), project: ProjectId,
  /** Verifier key and newest checkpoint of the ledger. */
  key: z.string(), checkpoint: z.string(),
  entry: ProvenEntry.extend({ opening: Opening }),
});
