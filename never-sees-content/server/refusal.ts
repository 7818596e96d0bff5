/** An error that opts in to being told to the caller: a code of the contract, and the field it is about. */
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';

export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  /** Milliseconds after which it may be tried again. */
  readonly retryAfterMs: number | undefined;
  constructor(code: ErrorCode, param: string | null = null, retryAfterMs?: number) {
    super(errorCodes[code].message);
    this.name = 'Refusal';
    this.code = code;
    this.param = param;
    this.retryAfterMs = retryAfterMs;
  }
}
