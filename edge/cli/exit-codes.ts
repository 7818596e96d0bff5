/** Exit statuses of the command line. Scripts may rely on them. */
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';

export const exitCodes = { ok: 0, failed: 1, usage: 2, unreachable: 3, notAuthorised: 4, notFound: 5, conflict: 6, timedOut: 7 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each status means, as the help says it. */
export const exitMeanings: Record<keyof typeof exitCodes, string> = {
  ok: 'done', failed: 'failed', usage: 'usage', unreachable: 'not running or unreachable', notAuthorised: 'not authorised', notFound: 'not found', conflict: 'conflict', timedOut: 'timed out',
};

const byCode: Partial<Record<ErrorCode, ExitCode>> = {
  control_unavailable: exitCodes.unreachable, shutting_down: exitCodes.unreachable,
  queue_timeout: exitCodes.timedOut, engine_timeout: exitCodes.timedOut, request_timeout: exitCodes.timedOut,
};

/** The status for a server's code; a newer server's unknown code is `failed`. */
export function exitCodeOf(code: string): ExitCode {
  const kind = Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode] : undefined;
  const own = byCode[code as ErrorCode];
  if (own !== undefined) return own;
  switch (kind?.type) {
    case 'authentication_error': case 'permission_error': return exitCodes.notAuthorised;
    case 'not_found_error': return exitCodes.notFound;
    case 'conflict_error': return exitCodes.conflict;
    default: return exitCodes.failed;
  }
}

/** A row of a file that its purpose does not allow: never what stands in it. */
export interface RowProblem { line: number; reason: string }

/** What a command ends with when it cannot go on: a code, a sentence, and what to do next. */
export class CliError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly next: string | undefined;
  readonly details: { rows: RowProblem[]; more: boolean } | undefined;
  constructor(code: string, message: string, exitCode: ExitCode = exitCodes.failed, next?: string, details?: CliError['details']) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.next = next;
    this.details = details;
  }
}
