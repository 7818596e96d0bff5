/** An error that may be told to the caller: a code of the contract, the field it is about, when to try again. */
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { RowProblem } from '#contract/http/file-rows.ts';
import { UpstreamError } from '../worker-host/upstream.ts';

export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  /** Milliseconds. */
  readonly retryAfterMs: number | undefined;
  constructor(code: ErrorCode, param: string | null = null, retryAfterMs?: number) {
    super(code);
    this.name = 'GatewayError';
    this.code = code;
    this.param = param;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whatever was thrown, as what may be said of it. */
export function publicError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof UpstreamError) return new GatewayError(error.code, error.param);
  return new GatewayError('internal_error');
}

interface Told { code: ErrorCode; param: string | null; rows?: readonly RowProblem[]; more?: boolean }

/** The envelope that OpenAI's and Azure's clients read. Of a file's rows, where the problems lie besides. */
export function errorBody({ code, param, rows, more }: Told): { error: Told & { message: string; type: string } } {
  const { message, type } = errorCodes[code];
  return { error: { message, type, param, code, ...(rows ? { rows, more: more === true } : {}) } };
}

/** Headers that tell SDKs what to do next. Never more than 30 seconds: some sleep as long as they are told and cannot be woken. */
export function errorHeaders({ code, retryAfterMs, fileBytes }: GatewayError & { fileBytes?: number }): Record<string, string> {
  const { retry, status } = errorCodes[code];
  const headers: Record<string, string> = { 'x-ms-error-code': code };
  if (fileBytes !== undefined) headers['content-range'] = `bytes */${fileBytes}`;
  if (!retry) headers['x-should-retry'] = 'false';
  if (retry && (status === 429 || status === 503)) {
    const ms = Math.min(30_000, Math.max(1, retryAfterMs ?? 1000));
    headers['retry-after'] = String(Math.ceil(ms / 1000));
    headers['retry-after-ms'] = String(Math.ceil(ms));
  }
  return headers;
}
