/** Starts, or adopts, the embedded PostgreSQL: a unix socket only, ended with its parent, never on another's files. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './error.ts';

export interface EmbeddedPostgresOptions {
  /** Absolute path of the cluster's folder. */
  dataFolder: string;
  /** Absolute path of the folder of its socket, mode 0700, short. */
  runFolder: string;
  /** For tests: no fsync. */
  fast?: boolean;
}
export interface EmbeddedPostgres {
  /** For a client: the role `modelkeep` owns the database `modelkeep` and nothing more. */
  url: string;
  pid: number;
  adopted: boolean;
  /** Resolves when the server is gone. */
  exited: Promise<void>;
  /** Fast shutdown. */
  stop(): Promise<void>;
}

const settings = (runFolder: string, fast: boolean): string[] => [
  'listen_addresses=', `unix_socket_directories=${runFolder}`, 'unix_socket_permissions=0700', 'shared_buffers=64MB', 'max_connections=40',
  'wal_keep_size=64MB', 'max_wal_size=256MB', 'logging_collector=off', 'log_min_messages=fatal', 'log_min_error_statement=panic', 'log_statement=none',
  'jit=off', 'timezone=UTC', 'dynamic_shared_memory_type=mmap',
  ...(fast ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
].flatMap((setting) => ['-c', setting]);

/** As root: a user namespace in which the server is nobody, while the files stay root's. */
function unprivileged(): string[] {
  if (process.getuid?.() !== 0) return [];
  const map = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
  if (spawnSync(map[0] ?? '', [...map.slice(1), 'true'], { stdio: 'ignore' }).status !== 0) throw new EmbeddedPostgresError('root_without_namespaces');
  return map;
}

function environment(binaries: Binaries): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...(binaries.libraryPath ? { LD_LIBRARY_PATH: binaries.libraryPath } : {}) };
}

/** Creates the cluster beside its place and moves it in whole, so that a killed initdb leaves nothing that looks finished. */
function initialise(binaries: Binaries, prefix: string[], dataFolder: string): void {
  const making = `${dataFolder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  const [file, ...args] = [...prefix, binaries.initdb, '-D', making, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=libc', '--no-instructions'] as unknown as [string, ...string[]];
  if (spawnSync(file, args, { env: environment(binaries), stdio: 'ignore' }).status !== 0) {
    rmSync(making, { recursive: true, force: true });
    throw new EmbeddedPostgresError('initdb_failed');
  }
  rmSync(dataFolder, { recursive: true, force: true });
  renameSync(making, dataFolder);
}

/** Process id of a live postmaster on this cluster. */
function livePostmaster(dataFolder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') ? pid : undefined;
  } catch { return undefined; }
}

async function answers(runFolder: string): Promise<boolean> {
  const client = new pg.Client({ host: runFolder, user: 'postgres', database: 'postgres', connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const role = await client.query("select 1 from pg_roles where rolname = 'modelkeep'");
    if (role.rowCount === 0) await client.query('create role modelkeep login');
    const database = await client.query("select 1 from pg_database where datname = 'modelkeep'");
    if (database.rowCount === 0) await client.query('create database modelkeep owner modelkeep');
    return true;
  } catch { return false; } finally { await client.end().catch(() => undefined); }
}

async function waitUntilAnswering(runFolder: string, alive: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && alive();) {
    if (existsSync(join(runFolder, '.s.PGSQL.5432')) && await answers(runFolder)) return;
    await sleep(50);
  }
  throw new EmbeddedPostgresError('start_failed');
}

function watch(pid: number, child: ChildProcess | undefined): Promise<void> {
  if (child) return new Promise((resolve) => child.once('exit', () => resolve()));
  return (async () => { for (;;) { try { process.kill(pid, 0); } catch { return; } await sleep(500); } })();
}

/**
 * Starts the cluster in `dataFolder`, making it first where it is missing, or adopts the server that is already running on it.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataFolder, runFolder } = options;
  const url = `postgresql://modelkeep@localhost/modelkeep?host=${encodeURIComponent(runFolder)}`;
  const running = livePostmaster(dataFolder);
  if (running !== undefined) {
    await waitUntilAnswering(runFolder, () => livePostmaster(dataFolder) === running);
    return handle(url, running, undefined);
  }
  const binaries = findBinaries(`${dataFolder}.libraries`);
  const prefix = unprivileged();
  const versionFile = join(dataFolder, 'PG_VERSION');
  if (!existsSync(versionFile)) initialise(binaries, prefix, dataFolder);
  if (readFileSync(versionFile, 'utf8').trim() !== binaries.major) throw new EmbeddedPostgresError('database_version');
  writeFileSync(join(dataFolder, 'pg_hba.conf'), 'local all all trust\n');
  // The signal must be set after the last change of identity, which would clear it.
  const [file = '', ...args] = [...prefix, 'setpriv', '--pdeathsig', 'INT', 'prlimit', '--core=1:1', binaries.postgres, '-D', dataFolder, ...settings(runFolder, options.fast ?? false)];
  const child = spawn(file, args, { env: environment(binaries), stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  await waitUntilAnswering(runFolder, () => child.exitCode === null && child.signalCode === null && child.pid !== undefined);
  return handle(url, child.pid ?? -1, child);
}

function handle(url: string, pid: number, child: ChildProcess | undefined): EmbeddedPostgres {
  const exited = watch(pid, child);
  const stop = async (): Promise<void> => {
    try { process.kill(pid, 'SIGINT'); } catch { return; }
    const late = setTimeout(() => { try { process.kill(pid, 'SIGQUIT'); } catch { /* gone */ } }, 15_000);
    await exited;
    clearTimeout(late);
  };
  return { url, pid, adopted: child === undefined, exited, stop };
}
