/** The server that runs on a cluster, as its pid file and the kernel tell. */
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Postmaster { pid: number; socketFolder: string }

const pidFile = (dataFolder: string): string => join(dataFolder, 'postmaster.pid');

function isAlive(pid: number): boolean {
  try { process.kill(pid, 0); return true; } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}

/** A postmaster's working folder is its cluster: a pid alone may have been given to another process since. */
function worksIn(pid: number, dataFolder: string): boolean {
  try { return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataFolder); } catch { return false; }
}

/** The live server of this cluster, whoever started it. */
export function livePostmaster(dataFolder: string): Postmaster | undefined {
  let lines: string[];
  try { lines = readFileSync(pidFile(dataFolder), 'utf8').split('\n'); } catch { return undefined; }
  const [pid, socketFolder] = [Number(lines[0]), lines[4]];
  return pid > 0 && socketFolder && isAlive(pid) && worksIn(pid, dataFolder) ? { pid, socketFolder } : undefined;
}

/**
 * Removes a pid file whose number now belongs to a stranger, for which PostgreSQL would refuse to start (after a restart of a container, say).
 * A file of a dead process stays: PostgreSQL itself looks into it for memory still in use.
 */
export function dropStrangersPidFile(dataFolder: string): void {
  let pid: number;
  try { pid = Number(readFileSync(pidFile(dataFolder), 'utf8').split('\n')[0]); } catch { return; }
  if (pid > 0 && isAlive(pid) && !worksIn(pid, dataFolder)) rmSync(pidFile(dataFolder), { force: true });
}
