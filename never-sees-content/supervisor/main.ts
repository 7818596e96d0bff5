/** `modelkeep up`: starts the processes in order, watches them, stops them in reverse. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataLayout, sockets } from '#contract/installation.ts';
import { EmbeddedPostgresError } from '../storage/embedded-postgres/error.ts';
import { ConfigurationError, machineEnvironment, publicConfiguration, readConfig, usage } from './config.ts';
import type { SupervisorConfig } from './config.ts';
import { holdLock, privateFolder } from './lock.ts';
import { startStatusServer } from './status-server.ts';
import { step, terminal } from './terminal.ts';
import { NotReady, WatchedProcess } from './watched-process.ts';
import { WatchedPostgres } from './watched-postgres.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const startedAt = new Date();
type Watched = WatchedProcess | WatchedPostgres;

const sentences: Record<string, (config: SupervisorConfig) => string> = {
  port_in_use: ({ host, port }) => `Port ${port} on ${host} is in use. Choose another with --port N, or find who has it: ss -ltnp 'sport = :${port}'`,
  address_unavailable: ({ host }) => `This machine has no address ${host}. Choose one with --host.`,
  database_unreachable: () => 'The database does not answer. Check DATABASE_URL, and that the server runs.',
  database_version: () => 'The database is older than PostgreSQL 15. Use 15 or newer.',
  migration_failed: () => 'The schema of the database could not be brought up to date. With --no-migrate, migrate it first with a modelkeep that may.',
  keys_unreadable: ({ dataFolder }) => `The key files in ${dataFolder}/${dataLayout.keys} are damaged, or others may read them. Nothing starts without them: restore them from their backup, mode 0400.`,
  certificate_unreadable: () => 'The TLS certificate or key cannot be read, or they do not belong together.',
  custody_unreachable: () => 'The key-custody process does not answer.',
  control_unreachable: () => 'The control process does not answer.',
  configuration_invalid: () => 'A setting is not valid.',
};

function watched(config: SupervisorConfig, name: string, main: string, env: Record<string, string>): WatchedProcess {
  return new WatchedProcess({
    name, main: join(project, main), logFile: join(config.dataFolder, dataLayout.logs, `${name}.log`),
    env: { ...machineEnvironment(), MODELKEEP_DATA: config.dataFolder, MODELKEEP_RUN: config.runFolder, ...env },
    onRestart: (event) => terminal.dim(event === 'died' ? `  ${name} stopped; restarting it` : `  ${name} is back`),
  });
}

function publicOrigin(config: SupervisorConfig): string {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `${config.tls.mode === 'off' ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${config.port}`;
}

const tlsEnvironment = ({ tls }: SupervisorConfig): Record<string, string> => ({
  MODELKEEP_TLS: tls.mode, ...(tls.mode === 'files' ? { MODELKEEP_TLS_CERT: tls.certificate, MODELKEEP_TLS_KEY: tls.key } : {}),
});

/** Asks the supervisor that holds the lock who it is. */
async function holder(config: SupervisorConfig): Promise<string> {
  return await new Promise((resolve) => {
    const asked = request({ socketPath: join(config.runFolder, sockets.supervisor), path: '/status', timeout: 2000 }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => {
        try { const { pid, origin } = JSON.parse(text) as { pid: number; origin: string }; resolve(` (process ${pid}, ${origin})`); } catch { resolve(''); }
      });
    });
    asked.on('error', () => resolve('')).on('timeout', () => { asked.destroy(); resolve(''); }).end();
  });
}

async function up(config: SupervisorConfig): Promise<void> {
  terminal.heading('Modelkeep');
  const processes: Watched[] = [];
  let stopping = false;
  const stop = async (code: number): Promise<never> => {
    if (!stopping) {
      stopping = true;
      for (const each of [...processes].reverse()) await each.stop(each.name === 'gateway' ? 10_000 : 5000);
    }
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => { if (!stopping) terminal.dim('  stopping'); void stop(0); });

  await step('data folder', async () => {
    privateFolder(config.dataFolder);
    privateFolder(config.runFolder);
    mkdirSync(join(config.dataFolder, dataLayout.logs), { recursive: true, mode: 0o700 });
    if (!await holdLock(join(config.dataFolder, dataLayout.lock))) {
      throw new ConfigurationError(`Modelkeep is already running on ${config.dataFolder}${await holder(config)}. Use it, stop it, or choose another folder with --data.`);
    }
  }, () => config.dataFolder);
  await startStatusServer(join(config.runFolder, sockets.supervisor), {
    status: () => ({ pid: process.pid, origin: publicOrigin(config), dataFolder: config.dataFolder, startedAt, processes: processes.map(({ name, pid, restarts, startedAt: since }) => ({ name, pid, restarts, startedAt: since })) }),
    configuration: () => publicConfiguration(config),
  });

  try {
    const administrator = await startAll(config, processes);
    terminal.line();
    terminal.heading(`Ready at ${publicOrigin(config)}`);
    if (config.tls.mode === 'own') terminal.dim(`Its certificate authority: ${join(config.dataFolder, dataLayout.authority)}`);
    if (administrator) {
      terminal.line(`\nAdministrator credential, shown only now (on this machine, as this user, you need none):\n  ${administrator}`);
    }
  } catch (error) {
    terminal.problem(error instanceof NotReady ? sentences[error.code]?.(config) ?? `A process did not start; its log is in ${config.dataFolder}/${dataLayout.logs}.` : error instanceof Error ? error.message : String(error));
    await stop(1);
  }
  if (config.starter) runStarter(config);
}

/** @returns the administrator credential, on the first start of an installation. */
async function startAll(config: SupervisorConfig, processes: Watched[]): Promise<string | undefined> {
  let databaseUrl = config.databaseUrl;
  if (databaseUrl === undefined) {
    const postgres = new WatchedPostgres({ dataFolder: join(config.dataFolder, dataLayout.postgres), runFolder: config.runFolder },
      (event) => terminal.dim(event === 'died' ? '  postgres stopped; restarting it' : '  postgres is back'));
    databaseUrl = await step('database', () => postgres.start(), () => 'embedded PostgreSQL');
    processes.push(postgres);
  }
  const custody = watched(config, 'key-custody', 'holds-keys/custody/main.ts', {});
  processes.push(custody);
  await step('key custody', () => custody.start());
  const control = watched(config, 'control', 'never-sees-content/server/main.ts', {
    ...config.passedOn, DATABASE_URL: databaseUrl, MODELKEEP_REGION: config.region, MODELKEEP_GEOGRAPHY: config.geography,
    MODELKEEP_PUBLIC_ORIGIN: publicOrigin(config), MODELKEEP_MIGRATE: config.migrate ? '1' : '0',
  });
  processes.push(control);
  const { administratorCredential } = await step('control', () => control.start());
  const gateway = watched(config, 'gateway', 'sees-content/gateway/main.ts', {
    ...config.passedOn, MODELKEEP_HOST: config.host, MODELKEEP_PORT: String(config.port), MODELKEEP_REGION: config.region, ...tlsEnvironment(config),
  });
  processes.push(gateway);
  await step('gateway', () => gateway.start());
  return administratorCredential;
}

/** The starter is a user of the installation like any other: a process of its own, whose failure stops nothing. */
function runStarter(config: SupervisorConfig): void {
  const main = join(project, 'edge/cli/main.ts');
  if (!existsSync(main)) return;
  const child = spawn(process.execPath, [main, '--data', config.dataFolder, 'starter'], { stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', () => terminal.problem('the starter could not be started'));
}

try {
  const config = readConfig(process.argv.slice(2));
  if (config) await up(config);
  else terminal.line(usage);
} catch (error) {
  terminal.problem(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof ConfigurationError ? 2 : error instanceof EmbeddedPostgresError ? 1 : 1);
}
