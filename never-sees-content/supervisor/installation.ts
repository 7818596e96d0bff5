/** The processes of an installation: started in order, watched, stopped in reverse. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataLayout, sockets } from '#contract/installation.ts';
import type { ProcessStart } from '#contract/internal/process-start.ts';
import { newOrderKeys } from '../orders/order-signer.ts';
import { postgresPrograms } from '../storage/embedded-postgres/binaries.ts';
import { machineEnvironment } from './config.ts';
import type { SupervisorConfig } from './config.ts';
import type { SupervisorEvents } from './events.ts';
import { LogFile } from './log-file.ts';
import { ProcessStarts } from './process-starts.ts';
import { programDigest, settingsDigest } from './program-digest.ts';
import type { Report } from './restarts.ts';
import { step, terminal } from './terminal.ts';
import { WatchedPostgres } from './watched-postgres.ts';
import { WatchedProcess } from './watched-process.ts';
import type { Watched } from './watched-process.ts';

export const project = fileURLToPath(new URL('../../', import.meta.url));
/** Milliseconds between asking to stop and killing: the gateway first lets requests under way end. */
const graceMs = { gateway: 11_000, other: 5000 } as const;

/** What the gateway serves to browsers is part of its program. */
const builtStudio = 'edge/studio/dist';

export class Installation {
  readonly startedAt = new Date();
  readonly #watched: Watched[] = [];
  readonly #starts: ProcessStarts;
  /** Digests of each process's program and settings. */
  readonly #digests = new Map<string, { code: string; configuration: string }>();
  #stopped: Promise<void> | undefined;
  /** By it custody knows control's orders. Made anew at each start, and written nowhere. */
  readonly #orderKeys = newOrderKeys();
  readonly #config: SupervisorConfig;
  readonly #events: SupervisorEvents;

  constructor(config: SupervisorConfig, events: SupervisorEvents) {
    this.#config = config;
    this.#events = events;
    this.#starts = new ProcessStarts(join(config.runFolder, sockets.control));
  }

  get stopping(): boolean { return this.#stopped !== undefined; }

  /**
   * Starts everything. `onCredential` is told the administrator credential at the first start, also where a later process then fails.
   * @throws NotReady, EmbeddedPostgresError
   */
  async start(onCredential: (credential: string) => void): Promise<void> {
    const config = this.#config;
    const databaseUrl = config.databaseUrl ?? await this.#startPostgres();
    const custody = this.#add('key-custody', 'holds-keys/custody/main.ts', 'counted', { MODELKEEP_ORDER_KEY: this.#orderKeys.publicKey });
    await step('key custody', () => custody.start());
    this.#started('key-custody');
    const control = this.#add('control', 'never-sees-content/server/main.ts', 'counted', {
      ...config.passedOn, DATABASE_URL: databaseUrl, MODELKEEP_REGION: config.region, MODELKEEP_GEOGRAPHY: config.geography,
      MODELKEEP_PUBLIC_ORIGIN: config.origin, MODELKEEP_MIGRATE: config.migrate ? '1' : '0', MODELKEEP_ORDER_FD: '4',
    }, this.#orderKeys.privateKey);
    const { administratorCredential } = await step('control', () => control.start());
    if (administratorCredential !== undefined) onCredential(administratorCredential);
    this.#started('control');
    const gateway = this.#add('gateway', 'sees-content/gateway/main.ts', 'discarded', {
      ...config.passedOn, MODELKEEP_HOST: config.host, MODELKEEP_PORT: String(config.port), MODELKEEP_REGION: config.region, MODELKEEP_GEOGRAPHY: config.geography, MODELKEEP_TLS: config.tls.mode,
      ...(config.tls.mode === 'files' ? { MODELKEEP_TLS_CERT: config.tls.certificate, MODELKEEP_TLS_KEY: config.tls.key } : {}),
    });
    await step('gateway', () => gateway.start());
    this.#started('gateway');
  }

  /** @returns the URL for control. */
  async #startPostgres(): Promise<string> {
    const { dataFolder, runFolder } = this.#config;
    const postgres = new WatchedPostgres({ dataFolder: join(dataFolder, dataLayout.postgres), runFolder, logFile: join(dataFolder, dataLayout.logs, 'postgres.log') }, this.#report('postgres'));
    this.#watched.push(postgres);
    this.#digests.set('postgres', { code: programDigest(project, [postgresPrograms()]), configuration: settingsDigest({ dataFolder, runFolder }) });
    const url = await step('database', () => postgres.start(), () => 'embedded PostgreSQL');
    this.#started('postgres');
    return url;
  }

  #add(name: ProcessStart['process'], main: string, stderr: 'discarded' | 'counted', env: Record<string, string>, secret?: string): WatchedProcess {
    const { dataFolder, runFolder } = this.#config;
    this.#digests.set(name, { code: programDigest(project, ['contract', 'package-lock.json', main.split('/')[0] ?? '', ...(name === 'gateway' ? [builtStudio] : [])]), configuration: settingsDigest({ dataFolder, runFolder, ...env }) });
    const process = new WatchedProcess({
      name, main: join(project, main), stderr, log: new LogFile(join(dataFolder, dataLayout.logs, `${name}.log`)),
      env: { ...machineEnvironment(), MODELKEEP_DATA: dataFolder, MODELKEEP_RUN: runFolder, ...env }, ...(secret === undefined ? {} : { secret }),
    }, this.#report(name));
    this.#watched.push(process);
    return process;
  }

  #started(name: ProcessStart['process']): void {
    const digests = this.#digests.get(name);
    const startedAt = (this.#watched.find((each) => each.name === name)?.startedAt ?? new Date()).toISOString();
    if (digests) this.#starts.note({ process: name, startedAt, ...digests });
  }

  #report(name: ProcessStart['process']): Report {
    return {
      died: (code, signal, stderrLines) => { terminal.dim(`  ${name} stopped${signal ? ` (${signal})` : ''}; restarting it`); this.#events.processDied(name, code, signal, stderrLines); },
      failed: (code) => { terminal.dim(`  ${name} does not start (${code}); trying again`); this.#events.processNotReady(name, code); },
      back: () => { terminal.dim(`  ${name} is back`); this.#events.processBack(name); this.#started(name); },
    };
  }

  status(): object {
    const processes = this.#watched.map(({ name, pid, restarts, startedAt }) => ({ name, pid, restarts: restarts.count, startedAt }));
    return { pid: process.pid, origin: this.#config.origin, dataFolder: this.#config.dataFolder, startedAt: this.startedAt, processes };
  }

  /** Stops everything, the gateway first. Resolves when all are gone; called again, it waits for the same stop. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#starts.close();
    for (const each of [...this.#watched].reverse()) await each.stop(each.name === 'gateway' ? graceMs.gateway : graceMs.other);
    this.#events.stopped();
  }
}
