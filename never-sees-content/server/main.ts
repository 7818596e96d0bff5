/** The control process: names, policy, state. It never sees content, and no operation that carries any is routed to it. */
import { chmodSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout, sockets } from '#contract/installation.ts';
import type { Readiness } from '#contract/internal/readiness.ts';
import { loadDeclaredModels } from '../catalog/load-declared-models.ts';
import { PullRunner } from '../catalog/pull/pull-runner.ts';
import { DeploymentStates } from '../deployments/states.ts';
import { SnapshotPublisher } from '../deployments/snapshot-publisher.ts';
import { CustodyClient } from '../identity/custody-client.ts';
import { Storage, StorageError } from '../storage/storage.ts';
import { bootstrap } from './bootstrap.ts';
import { readConfig } from './config.ts';
import type { ControlConfig } from './config.ts';
import { errorCodeOf, events } from './events.ts';
import { controlServer } from './server.ts';

process.umask(0o077);
const startedAt = new Date();
process.on('uncaughtException', (error) => { events.failed(error.name, errorCodeOf(error)); process.exit(1); });

function say(config: ControlConfig | undefined, readiness: Readiness): void {
  if (config?.readyFd !== undefined) writeSync(config.readyFd, `${JSON.stringify(readiness)}\n`);
}

async function start(config: ControlConfig): Promise<void> {
  const storage = await Storage.open(config.databaseUrl, { migrate: config.migrate });
  const custody = new CustodyClient(config.runFolder);
  const administratorCredential = await bootstrap(storage, custody);
  await loadDeclaredModels(storage);
  const pulls = new PullRunner(storage, { modelsFolder: join(config.dataFolder, dataLayout.models), hfEndpoint: config.hfEndpoint, hfTokenFile: config.hfTokenFile, pipEnvironment: config.pipEnvironment });
  const server = controlServer({ storage, custody, pulls, config, startedAt, states: new DeploymentStates(), snapshots: new SnapshotPublisher(storage, config.dataFolder) });
  const socket = join(config.runFolder, sockets.control);
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  chmodSync(socket, 0o600);
  await pulls.start();
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
    void pulls.close().then(() => storage.close()).catch(() => undefined).finally(() => { events.stopped(); process.exit(0); });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (config.stopOnStdinEnd) process.stdin.on('end', stop).on('error', stop).resume();
  events.started(Math.round(performance.now()));
  say(config, { ready: true, ...(administratorCredential === undefined ? {} : { administratorCredential }) });
}

let config: ControlConfig | undefined;
try {
  config = readConfig();
  await start(config);
} catch (error) {
  events.failed(error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
  const code = error instanceof StorageError ? error.code : error instanceof Error && error.name === 'Refusal' ? 'custody_unreachable' : error instanceof Error && error.name === 'ZodError' ? 'configuration_invalid' : 'unexpected';
  say(config, { ready: false, code });
  process.exit(1);
}
