/** Whether the database answers: asked of the installation where it runs, by a connection attempt where it does not. */
import { buildConnector } from 'undici';
import { operations } from '#contract/operations.ts';
import type { Client } from '../client.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import type { Check } from './check.ts';

async function accepts(url: URL): Promise<boolean> {
  const socketFolder = url.searchParams.get('host');
  const port = url.port === '' ? '5432' : url.port;
  const connect = buildConnector({ timeout: 5000, ...(socketFolder?.startsWith('/') ? { socketPath: `${socketFolder}/.s.PGSQL.${port}` } : {}) });
  return await new Promise((resolve) => connect({ hostname: url.hostname, protocol: 'http:', port }, (error, socket) => {
    socket?.destroy();
    resolve(error === null);
  }));
}

async function checkExternal(databaseUrl: string): Promise<Check> {
  if (!URL.canParse(databaseUrl)) return { name: 'database', state: 'bad', says: 'DATABASE_URL is not an address', repair: 'export DATABASE_URL=postgresql://USER:PASSWORD@HOST/NAME' };
  const url = new URL(databaseUrl);
  return await accepts(url) ? { name: 'database', state: 'good', says: `external, accepts connections at ${url.host || 'its socket'}` }
    : { name: 'database', state: 'bad', says: `external, refuses connections at ${url.host || 'its socket'}`, repair: 'start it, or correct DATABASE_URL' };
}

/** `client`: of the installation on this machine, or undefined where none runs. */
export async function checkDatabase(client: Client | undefined, databaseUrl: string | undefined): Promise<Check> {
  try {
    if (client) {
      const { database } = await client.call(operations.status);
      return { name: 'database', state: 'good', says: `${database.kind} PostgreSQL ${database.version}, answers` };
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    // Nobody listens behind a socket that a killed installation left.
    if (error.exitCode !== exitCodes.unreachable) return { name: 'database', state: 'bad', says: `the installation cannot use it: ${error.message}`, repair: 'see the log of control: DATA/logs/control.log' };
  }
  if (databaseUrl !== undefined && databaseUrl !== '') return await checkExternal(databaseUrl);
  return { name: 'database', state: 'weaker', says: 'embedded PostgreSQL, not running now', repair: 'modelkeep up' };
}
