/** What an S3-compatible storage's refusal means to a store. Of its text only the code is kept, which is a word of S3's own list. */
import { StoreError } from '../blob-store.ts';

const passing = new Set(['SlowDown', 'RequestTimeout', 'InternalError', 'ServiceUnavailable', 'ThrottlingException', 'OperationAborted', 'ConditionalRequestConflict']);
const full = new Set(['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded']);
const missing = new Set(['NoSuchKey', 'NoSuchUpload', 'NoSuchVersion']);

function meaning(status: number, reason: string): StoreError['code'] {
  if (status === 507 || full.has(reason)) return 'full';
  if (passing.has(reason) || status === 429 || (status >= 500 && status !== 501)) return 'unreachable';
  return missing.has(reason) || (status === 404 && reason === '') ? 'not_found' : 'refused';
}

export class BucketError extends StoreError {
  /** S3's code; empty where the answer had none, or where there was no answer. */
  readonly reason: string;
  /** 0 where there was no answer. */
  readonly status: number;

  constructor(status: number, reason: string, cause?: unknown) {
    super(status === 0 ? 'unreachable' : meaning(status, reason), cause);
    this.status = status;
    this.reason = reason;
  }
}
export const hasReason = (error: unknown, ...reasons: string[]): boolean => error instanceof BucketError && reasons.includes(error.reason);
/** Asked in a way that this storage does not offer. */
export const isNotOffered = (error: unknown): boolean => error instanceof BucketError && (error.status === 501 || error.status === 405 || error.reason === 'NotImplemented');
