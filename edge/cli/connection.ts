/** Where the server is: the local door of an installation on this machine, or a server that this user has logged in to. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Agent } from 'undici';
import { z } from 'zod';
import { sockets } from '#contract/installation.ts';
import { credentialsFile, dataFolder, runFolderOf } from './environment.ts';
import { CliError, exitCodes } from './exit-codes.ts';

/** `mayReturn`: whether a server that does not answer is restarting rather than stopped. A clean stop takes its socket away. */
export interface Connection { origin: string; /** Tells servers apart: the address, or the data folder. */ server: string; dispatcher: Agent; headers: Record<string, string>; local: boolean; mayReturn(): boolean }

const Credentials = z.object({ url: z.url(), token: z.string().min(1), ca: z.string().optional() });
export type Credentials = z.output<typeof Credentials>;

export function readCredentials(): Credentials | undefined {
  try { return Credentials.parse(JSON.parse(readFileSync(credentialsFile(), 'utf8'))); } catch { return undefined; }
}

export function keepCredentials(credentials: Credentials): void {
  const path = credentialsFile();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // A file that stands there already would keep its own mode.
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, JSON.stringify(credentials), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const remote = ({ url, token, ca }: Credentials): Connection =>
  ({ origin: url.replace(/\/+$/, ''), server: url.replace(/\/+$/, ''), dispatcher: new Agent(ca === undefined ? {} : { connect: { ca } }), headers: { authorization: `Bearer ${token}` }, local: false, mayReturn: () => true });

/** The installation on this machine wins over a login, unless there is none. @throws CliError not_running */
export function connection(data: string | undefined): Connection {
  const socketPath = join(runFolderOf(dataFolder(data)), sockets.gateway);
  if (existsSync(socketPath)) return { origin: 'http://modelkeep', server: dataFolder(data), dispatcher: new Agent({ connect: { socketPath } }), headers: {}, local: true, mayReturn: () => existsSync(socketPath) };
  const credentials = data === undefined ? readCredentials() : undefined;
  if (credentials) return remote(credentials);
  throw notRunning(data);
}

export const notRunning = (data: string | undefined): CliError =>
  new CliError('not_running', `Modelkeep is not running on ${dataFolder(data)}.`, exitCodes.unreachable, 'Start it with: modelkeep up     or use another server: modelkeep login URL');
