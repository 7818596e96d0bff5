/** Starts, or adopts, the embedded PostgreSQL: a unix socket only, ended with its parent, never on another's files. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { openCluster } from './cluster.ts';
import type { Runner } from './cluster.ts';
import { EmbeddedPostgresError } from './error.ts';
import { dropStrangersPidFile, livePostmaster } from './postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** Absolute path of the cluster's folder. */
  dataFolder: string;
  /** Absolute path of the folder of its socket, mode 0700, short. */
  runFolder: string;
  /** Where the server says why it does not start; it logs no statements. */
  logFile?: string;
  /** For tests: no fsync. */
  fast?: boolean;
}
export interface EmbeddedPostgres {
  /** For a client: the role `modelkeep` owns the database `modelkeep` and nothing more. */
  url: string;
  pid: number;
  /** It ran already, and does not end with this process. */
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

/** Whether this machine has a name for our user: `initdb` asks for it, and a container may run under any number. */
function isNamed(): boolean {
  try { return userInfo().username !== ''; } catch { return false; }
}

/** For root, and for a user without a name: a user namespace in which the server is nobody, while the files stay ours. */
function asNobody(): string[] {
  const root = process.getuid?.() === 0;
  if (!root && isNamed()) return [];
  const [file, ...args] = ['unshare', '--user', '--map-user=65534', '--map-group=65534'] as const;
  if (spawnSync(file, [...args, 'true'], { stdio: 'ignore' }).status !== 0) throw new EmbeddedPostgresError(root ? 'root_without_namespaces' : 'user_unknown');
  return [file, ...args];
}

function environment(binaries: Binaries): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...(binaries.libraryPath ? { LD_LIBRARY_PATH: binaries.libraryPath } : {}) };
}

/** Whether the server answers, with the role and the database of modelkeep in it. */
async function answers(socketFolder: string): Promise<boolean> {
  const client = new pg.Client({ host: socketFolder, user: 'postgres', database: 'postgres', connectionTimeoutMillis: 2000 });
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

/** False as soon as the server is gone. @throws EmbeddedPostgresError where it lives and does not answer within two minutes. */
async function comesUp(socketFolder: string, alive: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline;) {
    if (!alive()) return false;
    if (existsSync(join(socketFolder, '.s.PGSQL.5432')) && await answers(socketFolder)) return true;
    await sleep(50);
  }
  throw new EmbeddedPostgresError('start_failed');
}

function startServer(binaries: Binaries, runner: Runner, options: EmbeddedPostgresOptions): ChildProcess {
  writeFileSync(join(options.dataFolder, 'pg_hba.conf'), 'local all all trust\n');
  // The signal must be set after the last change of identity, which would clear it.
  const [file = '', ...args] = [...runner.prefix, 'setpriv', '--pdeathsig', 'INT', 'prlimit', '--core=1:1', binaries.postgres, '-D', options.dataFolder,
    ...settings(options.runFolder, options.fast ?? false)];
  const child = spawn(file, args, { env: runner.env, stdio: ['ignore', 'ignore', runner.stderr], detached: true });
  child.on('error', () => undefined);
  return child;
}

/** Starts the server on files that exist, or makes them. `undefined`: it ended at once. */
async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres | undefined> {
  const binaries = findBinaries(`${options.dataFolder}.libraries`);
  const stderr = options.logFile === undefined ? 'ignore' : openSync(options.logFile, 'a', 0o600);
  try {
    const runner: Runner = { prefix: asNobody(), env: environment(binaries), stderr };
    await openCluster(binaries, runner, options.dataFolder);
    dropStrangersPidFile(options.dataFolder);
    const child = startServer(binaries, runner, options);
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    return await comesUp(options.runFolder, () => child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      ? handle(options.runFolder, child.pid ?? -1, exited, false) : undefined;
  } finally { if (typeof stderr === 'number') closeSync(stderr); }
}

/** The server that runs already. `undefined`: there is none, or it was on its way out. */
async function adopt(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres | undefined> {
  const live = livePostmaster(options.dataFolder);
  if (!live) return undefined;
  const alive = (): boolean => livePostmaster(options.dataFolder)?.pid === live.pid;
  if (!await comesUp(live.socketFolder, alive)) return undefined;
  return handle(live.socketFolder, live.pid, (async () => { while (alive()) await sleep(500); })(), true);
}

/**
 * Starts the cluster in `dataFolder`, making it first where it is missing, or adopts the server that is already running on it.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  // A killed server's children hold its memory for a moment, and a server on its way out holds its files: both pass.
  for (let attempt = 0; attempt < 40; attempt++) {
    const server = await adopt(options) ?? await start(options);
    if (server) return server;
    await sleep(250);
  }
  throw new EmbeddedPostgresError('start_failed');
}

function handle(socketFolder: string, pid: number, exited: Promise<void>, adopted: boolean): EmbeddedPostgres {
  const stop = async (): Promise<void> => {
    try { process.kill(pid, 'SIGINT'); } catch { return; }
    const late = setTimeout(() => { try { process.kill(pid, 'SIGQUIT'); } catch { /* gone */ } }, 15_000);
    await exited;
    clearTimeout(late);
  };
  return { url: `postgresql://modelkeep@localhost/modelkeep?host=${encodeURIComponent(socketFolder)}`, pid, adopted, exited, stop };
}
