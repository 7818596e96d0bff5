/** Why a pull failed: a code, never a foreign text. */
import type { FailureCode } from '#contract/error-codes.ts';

export class PullFailure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, cause?: unknown) {
    super(code, { cause });
    this.name = 'PullFailure';
    this.code = code;
  }
}

/** The code of whatever was thrown. */
export function failureOf(error: unknown): FailureCode {
  if (error instanceof PullFailure) return error.code;
  const code = error instanceof Error ? (error as { code?: string }).code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  return 'unexpected';
}
