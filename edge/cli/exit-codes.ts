/** Exit statuses of the command line. Scripts may rely on them. */
import type { ErrorType } from '#contract/error-codes.ts';

export const exitCodes = { ok: 0, failed: 1, usage: 2, unreachable: 3, notAuthorised: 4, notFound: 5, conflict: 6, timedOut: 7 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(type: ErrorType): ExitCode {
  switch (type) {
    case 'authentication_error': case 'permission_error': return exitCodes.notAuthorised;
    case 'not_found_error': return exitCodes.notFound;
    case 'conflict_error': return exitCodes.conflict;
    default: return exitCodes.failed;
  }
}

/** What a command ends with when it cannot go on: a code, a sentence, and what to do next. */
export class CliError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly next: string | undefined;
  constructor(code: string, message: string, exitCode: ExitCode = exitCodes.failed, next?: string) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.next = next;
  }
}
