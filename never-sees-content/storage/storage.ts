/** The only door to Postgres. Reading and writing are different types, and a write without a ledger entry does not type-check. */
import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Transaction } from 'kysely';
import pg from 'pg';
import type { Actor, LedgerEntryInput } from '../ledger/entry.ts';
import type { Database } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { migrations } from './migrations/index.ts';
import { isUnreachable } from './postgres-errors.ts';

// Counts and bytes stay below 2^53; times travel as RFC 3339 in UTC.
export const types = new pg.TypeOverrides();
types.setTypeParser(20, (text: string) => { const value = Number(text); if (!Number.isSafeInteger(value)) throw new RangeError('int8'); return value; });
types.setTypeParser(1184, (text: string) => new Date(text).toISOString());

/** Sees one moment of the database and can change nothing: not by its type, and not by its transaction. */
export type Reader = Pick<Kysely<Database>, 'selectFrom'>;
export type Writer = Transaction<Database>;
/** For the tables that record work, or are derived from others, rather than change the installation. */
type Recorded = 'deletions' | 'usage_records' | 'pulls' | 'ledger_tiles' | 'ledger_checkpoints' | 'ledger_witnesses' | 'receipt_leaves' | 'session_uses';
export type Recorder = Kysely<Pick<Database, Recorded>>;
/** What a change returns: its result and the entry that records it, or that there was nothing to change. */
export type Change<T> = { result: T; entry: LedgerEntryInput } | { result: T; entries: LedgerEntryInput[] } | { result: T; unchanged: true };

export class StorageError extends Error {
  readonly code: 'database_unreachable' | 'database_version' | 'migration_failed';
  constructor(code: StorageError['code'], cause?: unknown) { super(code, { cause }); this.code = code; }
}

export class Storage {
  readonly #db: Kysely<Database>;
  readonly #commits: GroupCommit;
  readonly serverVersion: string;
  /** Called after each commit that added to the ledger. */
  onAppended: (() => void) | undefined;

  private constructor(pool: pg.Pool, serverVersion: string) {
    this.serverVersion = serverVersion;
    this.#db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    this.#commits = new GroupCommit(this.#db);
  }

  /** @throws StorageError */
  static async open(url: string, options: { migrate: boolean } = { migrate: true }): Promise<Storage> {
    const pool = new pg.Pool({ connectionString: url, max: 10, types, connectionTimeoutMillis: 10_000, options: '-c timezone=UTC' });
    pool.on('error', () => undefined); // an idle connection that broke is replaced at its next use
    // One that breaks between two statements of a transaction tells nobody else: the next statement fails by itself.
    pool.on('connect', (client) => { client.on('error', () => undefined); });
    let version: { server_version: string; server_version_num: string } | undefined;
    try {
      version = (await pool.query<{ server_version: string; server_version_num: string }>("select current_setting('server_version') server_version, current_setting('server_version_num') server_version_num")).rows[0];
    } catch (error) { await pool.end(); throw new StorageError('database_unreachable', error); }
    if (Number(version?.server_version_num) < 150_000) { await pool.end(); throw new StorageError('database_version'); }
    const storage = new Storage(pool, version?.server_version ?? '');
    await storage.#migrate(options.migrate);
    return storage;
  }

  async #migrate(allowed: boolean): Promise<void> {
    const migrator = new Migrator({ db: this.#db, provider: { getMigrations: () => Promise.resolve(migrations) } });
    if (!allowed) {
      const pending = (await migrator.getMigrations()).filter((migration) => migration.executedAt === undefined);
      if (pending.length > 0) throw new StorageError('migration_failed');
      return;
    }
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw new StorageError('migration_failed', error);
  }

  /** @throws StorageError database_unreachable */
  async read<T>(work: (db: Reader) => Promise<T>): Promise<T> {
    return await reached(this.#db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work));
  }

  /** The change and its ledger entry, both or neither, after COMMIT. Changes of one moment are committed together, each on its own savepoint. @throws StorageError database_unreachable */
  async transact<T>(actor: Actor, work: (tx: Writer) => Promise<Change<T>>): Promise<T> {
    let change: Change<T> | undefined;
    await reached(this.#commits.run(async (tx) => {
      const made = await work(tx);
      change = made;
      const inputs = 'entry' in made ? [made.entry] : 'entries' in made ? made.entries : [];
      return inputs.map((input) => ({ actor, input }));
    }));
    const made = change as unknown as Change<T>;
    if (!('unchanged' in made)) this.onAppended?.();
    return made.result;
  }

  /** For what is not a change of the installation but a record of its work: usage, leaves of receipts, progress of a pull, tiles of the ledger, the last use of a session. @throws StorageError database_unreachable */
  async record<T>(work: (db: Recorder) => Promise<T>): Promise<T> {
    return await reached(work(this.#db.$pickTables<Recorded>()));
  }

  async close(): Promise<void> { await this.#db.destroy(); }
}

/** A database that is away is told apart from everything else, so that callers are asked to come back. */
async function reached<T>(work: Promise<T>): Promise<T> {
  try { return await work; } catch (error) { throw isUnreachable(error) ? new StorageError('database_unreachable', error) : error; }
}
