/** Why the worker does not do what it was asked: a code, and the field it is about. Nothing of the request. */
import type { ErrorCode } from '#contract/error-codes.ts';

export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  constructor(code: ErrorCode, param: string | null = null) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.param = param;
  }
}
