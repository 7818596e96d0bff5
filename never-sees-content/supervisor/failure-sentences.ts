/** What a failure to start means, and how to go on. */
import { dataLayout } from '#contract/installation.ts';
import { EmbeddedPostgresError } from '../storage/embedded-postgres/error.ts';
import type { SupervisorConfig } from './config.ts';
import { ConfigurationError } from './configuration-error.ts';
import { NotReady } from './readiness.ts';

const sentences: Record<string, (config: SupervisorConfig) => string> = {
  port_in_use: ({ host, port }) => `Port ${port} on ${host} is in use. Choose another with --port N, or see who has it: ss -ltnp 'sport = :${port}'`,
  address_unavailable: ({ host, port }) => `This machine cannot listen at ${host}, port ${port}. Choose another address with --host, or a port above 1023 with --port.`,
  database_unreachable: () => 'The database does not answer. Check DATABASE_URL, and that the server runs.',
  database_version: () => 'The database is older than PostgreSQL 15. Use 15 or newer.',
  migration_failed: () => 'The schema of the database is not the one that this version needs, and could not be changed. Does the role own the schema? With --no-migrate, migrate it first with a modelkeep that may.',
  keys_unreadable: ({ dataFolder }) => `The key files in ${dataFolder}/${dataLayout.keys} are missing or damaged, or others may read them (mode 0400 is expected). Nothing starts without them: restore them from their backup.`,
  certificate_unreadable: () => 'The TLS certificate or key cannot be read, or they do not belong together.',
  keys_foreign: () => 'The keys folder is not the one that this database was made with: no credential would be known and no older checkpoint of the ledger would be continued. Put the folder back that belongs to it.',
  custody_unreachable: () => 'The key-custody process does not answer.',
  control_unreachable: () => 'The control process does not answer.',
  configuration_invalid: () => 'A setting is not valid.',
};

export function failureSentence(error: unknown, config: SupervisorConfig): string {
  if (error instanceof NotReady) return sentences[error.code]?.(config) ?? `A process ended before it was ready. What it said is in ${config.dataFolder}/${dataLayout.logs}, in the log of its name.`;
  if (error instanceof EmbeddedPostgresError || error instanceof ConfigurationError) return error.message;
  return error instanceof Error ? error.message : 'unknown';
}
