/** What the supervisor of an installation on this machine says of itself. */
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { sockets } from '#contract/installation.ts';
import { notRunning } from './connection.ts';
import { dataFolder, runFolderOf } from './environment.ts';

export interface SupervisorStatus { pid: number; origin: string; dataFolder: string; startedAt: string; processes: { name: string; pid: number; restarts: number; startedAt: string }[] }

/** @throws CliError not_running */
export async function askSupervisor<T>(data: string | undefined, path: '/status' | '/configuration'): Promise<T> {
  const dispatcher = new Agent({ connect: { socketPath: join(runFolderOf(dataFolder(data)), sockets.supervisor) } });
  try {
    const answer = await request(`http://supervisor${path}`, { dispatcher, headersTimeout: 5000 });
    return await answer.body.json() as T;
  } catch { throw notRunning(data); } finally { await dispatcher.close().catch(() => undefined); }
}
