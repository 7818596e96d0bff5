/** The files of the cluster: made whole or not at all. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './error.ts';

/** How a PostgreSQL program is run here: as whom, with what environment, and where it may complain. */
export interface Runner { prefix: string[]; env: NodeJS.ProcessEnv; stderr: number | 'ignore' }

async function initdb(binaries: Binaries, runner: Runner, folder: string): Promise<boolean> {
  const [file, ...args] = [...runner.prefix, 'setpriv', '--pdeathsig', 'KILL', binaries.initdb, '-D', folder, '-U', 'postgres', '--auth=trust',
    '--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=libc', '--no-instructions'];
  const child = spawn(file, args, { env: runner.env, stdio: ['ignore', 'ignore', runner.stderr], detached: true });
  return await new Promise((resolve) => child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0)));
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try { fsyncSync(folder); } finally { closeSync(folder); }
}

/** Creates the cluster beside its place and moves it in whole, so that a killed initdb leaves nothing that looks finished. */
async function create(binaries: Binaries, runner: Runner, dataFolder: string): Promise<void> {
  const making = `${dataFolder}.making`;
  rmSync(making, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(making, { mode: 0o700, recursive: true });
  if (!await initdb(binaries, runner, making)) {
    rmSync(making, { recursive: true, force: true, maxRetries: 5 });
    throw new EmbeddedPostgresError('initdb_failed');
  }
  renameSync(making, dataFolder);
  syncFolder(dirname(dataFolder));
}

/** Opens the cluster's files, creating them where there is none. @throws EmbeddedPostgresError, having changed nothing. */
export async function openCluster(binaries: Binaries, runner: Runner, dataFolder: string): Promise<void> {
  const versionFile = join(dataFolder, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    // An empty folder is a fresh mount; anything else may be somebody's data.
    try { rmdirSync(dataFolder); } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new EmbeddedPostgresError('not_a_cluster'); }
    await create(binaries, runner, dataFolder);
  }
  if (readFileSync(versionFile, 'utf8').trim() !== binaries.major) throw new EmbeddedPostgresError('database_version');
}
