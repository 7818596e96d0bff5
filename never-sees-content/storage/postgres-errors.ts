/** What an error of Postgres or of the way to it means. */
const codeOf = (error: unknown): string => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
};

/** A unique index was violated. */
export const isDuplicate = (error: unknown): boolean => codeOf(error) === '23505';

/** The server is away, starting, stopping or full: class 08, 53300, 57P01 to 57P03, or no connection at all. */
export function isUnreachable(error: unknown): boolean {
  if (/^(08\w{3}|53300|57P0[123]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(codeOf(error))) return true;
  // node-postgres has no code for these.
  return error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed) and is not queryable)/.test(error.message);
}
