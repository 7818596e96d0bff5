/** The running installation: what its supervisor says of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { dataLayout, sockets } from '#contract/installation.ts';
import { embeddedUrl } from '../storage/dump.ts';
import { AuditError } from './audit-error.ts';
import { variableOf } from './config.ts';

const Status = z.object({ pid: z.int(), origin: z.string(), dataFolder: z.string(), processes: z.array(z.object({ name: z.string(), pid: z.int() })) });
const Configuration = z.object({
  host: z.string(), port: z.int(), tls: z.object({ mode: z.enum(['off', 'own', 'files']) }), database: z.string(), region: z.string(), geography: z.string(),
  MODELKEEP_MAX_BODY_BYTES: z.coerce.number().default(8 << 20), HF_ENDPOINT: z.string().default('https://huggingface.co'), MODELKEEP_WITNESSES: z.string().optional(),
});
export type Configuration = z.output<typeof Configuration>;

export interface Installation {
  data: string; run: string; supervisor: number; processes: { name: string; pid: number }[]; configuration: Configuration;
  /** Where the gateway listens, seen from this machine. */
  origin: string;
  /** PEM of the installation's own authority, where it answers with a certificate of its own. */
  authority: string | undefined;
}

/** @throws AuditError not_running */
export async function findInstallation(data: string, run: string): Promise<Installation> {
  const dispatcher = new Agent({ connect: { socketPath: join(run, sockets.supervisor) } });
  const ask = async (path: string): Promise<unknown> => (await request(`http://supervisor${path}`, { dispatcher, headersTimeout: 5000 })).body.json();
  try {
    const status = Status.parse(await ask('/status'));
    const configuration = Configuration.parse(await ask('/configuration'));
    const { host, port, tls } = configuration;
    const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
    return {
      data, run, supervisor: status.pid, processes: status.processes, configuration, origin: `${tls.mode === 'off' ? 'http' : 'https'}://${address}:${port}`,
      authority: tls.mode === 'own' ? readFileSync(join(data, dataLayout.authority), 'utf8') : undefined,
    };
  } catch { throw new AuditError('not_running'); } finally { await dispatcher.close().catch(() => undefined); }
}

/** Where its database is, as its control process was told. */
export function databaseOf({ configuration, run, processes }: Pick<Installation, 'configuration' | 'run' | 'processes'>): { databaseUrl: string; embedded: boolean } {
  const embedded = configuration.database === 'embedded';
  return { embedded, databaseUrl: embedded ? embeddedUrl(run) : variableOf(processes.find(({ name }) => name === 'control')?.pid ?? 0, 'DATABASE_URL') ?? configuration.database };
}
