/** The installation's own certificate authority, where its public address needs it. */
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import type { Connection } from './connection.ts';
import { askSupervisor } from './supervisor-client.ts';

/** Path of the authority's PEM; undefined without TLS, with certificates of the operator's, or for an installation elsewhere. */
export async function authorityFile(connection: Connection, data: string | undefined): Promise<string | undefined> {
  if (!connection.local) return undefined;
  try {
    const { tls, dataFolder } = await askSupervisor<{ tls: { mode: string }; dataFolder: string }>(data, '/configuration');
    return tls.mode === 'own' ? join(dataFolder, dataLayout.authority) : undefined;
  } catch { return undefined; }
}
