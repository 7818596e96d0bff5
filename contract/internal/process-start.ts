/** `POST /internal/process-starts`: the supervisor tells control what it started, for the ledger. Answered once the entry is committed. */
import { z } from 'zod';
import { Digest, Time } from '../names.ts';

export const ProcessStart = z.strictObject({
  process: z.enum(['postgres', 'key-custody', 'control', 'gateway']), startedAt: Time,
  /** SHA-256 over the names and digests of the program's files. */
  code: Digest,
  /** SHA-256 over the RFC 8785 form of its settings; credentials and addresses with credentials are left out. */
  configuration: Digest,
});
export type ProcessStart = z.output<typeof ProcessStart>;
export const ProcessStarts = z.strictObject({ starts: z.array(ProcessStart).min(1).max(1000) });
