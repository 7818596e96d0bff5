/** The control process: names, policy, state. It never sees content, and no operation that carries any is routed to it. */
import { chmodSync, rmSync, writeSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { dataLayout, sockets } from '#contract/installation.ts';
import type { Readiness } from '#contract/internal/readiness.ts';
import { ZodError } from 'zod';
import { AuditRunner } from '../audits/audit-runner.ts';
import { loadDeclaredModels } from '../catalog/load-declared-models.ts';
import { ModelMemory } from '../catalog/memory/model-memory.ts';
import { PullRunner } from '../catalog/pull/pull-runner.ts';
import { CatalogIndex } from '../catalog/search/catalog-index.ts';
import { DeploymentStates } from '../deployments/states.ts';
import { SnapshotPublisher } from '../deployments/snapshot-publisher.ts';
import { Health } from '../health/health.ts';
import { CustodyClient } from '../identity/custody-client.ts';
import { Sessions } from '../identity/sessions.ts';
import { ReceiptBatcher } from '../receipts/batcher.ts';
import { KeysForeign, LedgerPublisher } from '../ledger/publisher.ts';
import { readWitnesses, WitnessInvalid } from '../ledger/witness-list.ts';
import { Witnesses } from '../ledger/witnesses.ts';
import { Storage, StorageError } from '../storage/storage.ts';
import { bootstrap } from './bootstrap.ts';
import { closeDataParts, dataParts, startDataParts } from './data-parts.ts';
import { readConfig, readyFd } from './config.ts';
import type { ControlConfig } from './config.ts';
import { errorCodeOf, events } from './events.ts';
import type { ControlContext } from './handler.ts';
import { Refusal } from './refusal.ts';
import { controlServer } from './server.ts';

const startedAt = new Date();
/** Milliseconds that requests under way are given when the process is asked to stop. */
const graceMs = 3000;

function say(readiness: Readiness): void {
  const fd = readyFd();
  if (fd !== undefined) writeSync(fd, `${JSON.stringify(readiness)}\n`);
}

function failureCode(error: unknown): Extract<Readiness, { ready: false }>['code'] {
  if (error instanceof StorageError) return error.code;
  if (error instanceof KeysForeign) return 'keys_foreign';
  if (error instanceof ZodError || error instanceof WitnessInvalid) return 'configuration_invalid';
  // Only custody refuses here: to mint the first credential, or to show its key.
  return error instanceof Refusal ? 'custody_unreachable' : 'unexpected';
}

async function listen(server: Server, socket: string): Promise<void> {
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  chmodSync(socket, 0o600);
}

/** Lets requests under way end, then closes what they used. */
async function stop(server: Server, receipts: ReceiptBatcher, witnesses: Witnesses, context: ControlContext): Promise<void> {
  const { snapshots, pulls, audits, ledger, storage } = context;
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  snapshots.close();
  closeDataParts(context);
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), graceMs).unref();
  await Promise.all([ended, pulls.close(), audits.close()]);
  await receipts.close();
  await ledger.close();
  await witnesses.close();
  await storage.close();
}

async function start(config: ControlConfig): Promise<void> {
  const storage = await Storage.open(config.databaseUrl, { migrate: config.migrate });
  const custody = new CustodyClient(config.runFolder);
  const ledger = new LedgerPublisher(storage, custody);
  await ledger.checkKey();
  const administratorCredential = await bootstrap(storage, custody);
  await loadDeclaredModels(storage);
  const catalog = new CatalogIndex(storage);
  const modelsFolder = join(config.dataFolder, dataLayout.models);
  const pulls = new PullRunner(storage, catalog, { modelsFolder, hfEndpoint: config.hfEndpoint, hfTokenFile: config.hfTokenFile, pipEnvironment: config.pipEnvironment });
  const receipts = new ReceiptBatcher(storage);
  const witnesses = new Witnesses(storage, readWitnesses(config.witnessesFile));
  const parts = dataParts(storage, custody, config);
  const context: ControlContext = { ...parts, storage, custody, catalog, memory: new ModelMemory(modelsFolder), pulls, config, startedAt, audits: new AuditRunner(storage, config), health: new Health(), sessions: new Sessions(storage, custody, { idleMs: config.sessionIdleMs, sessionMs: config.sessionMs, now: Date.now }), states: new DeploymentStates(), snapshots: new SnapshotPublisher(storage, config.dataFolder, parts.keyStates), ledger };
  ledger.onPublished = () => witnesses.published();
  witnesses.published();
  ledger.start();
  receipts.start();
  startDataParts(parts, () => context.snapshots.publish());
  // A refused key has stopped deployments: no gateway is told otherwise meanwhile.
  await parts.keyStates.first();
  const server = controlServer(context);
  await listen(server, join(config.runFolder, sockets.control));
  await pulls.start();
  void catalog.find('name', {}).catch(() => undefined); // so that the first search need not wait for it
  let stopping = false;
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    void stop(server, receipts, witnesses, context).catch(() => undefined).finally(() => { events.stopped(); process.exit(0); });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (config.stopOnStdinEnd) process.stdin.on('end', end).on('error', end).resume();
  events.started(Math.round(performance.now()));
  say({ ready: true, ...(administratorCredential === undefined ? {} : { administratorCredential }) });
}

process.umask(0o077);
process.on('uncaughtException', (error) => { events.failed(error instanceof Error ? error.name : 'unknown', errorCodeOf(error)); process.exit(1); });
try { await start(readConfig()); } catch (error) {
  events.failed(error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
  say({ ready: false, code: failureCode(error) });
  process.exit(1);
}
