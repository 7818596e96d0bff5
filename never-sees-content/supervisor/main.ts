/** `modelkeep up`: one installation on one data folder, until it is told to stop. */
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { dataLayout, sockets } from '#contract/installation.ts';
import { publicConfiguration, readConfig, usage } from './config.ts';
import type { SupervisorConfig } from './config.ts';
import { ConfigurationError } from './configuration-error.ts';
import { supervisorEvents } from './events.ts';
import type { SupervisorEvents } from './events.ts';
import { failureSentence } from './failure-sentences.ts';
import { openDataFolder, openRunFolder } from './folders.ts';
import { Installation } from './installation.ts';
import { AlreadyRunning, holdLock } from './lock.ts';
import { LogFile } from './log-file.ts';
import { runStarter } from './starter.ts';
import { whoRuns } from './status-client.ts';
import { startStatusServer } from './status-server.ts';
import { step, terminal } from './terminal.ts';

/** The statuses of docs/command-line.md. */
const exitStatus = { stopped: 0, failed: 1, usage: 2, alreadyRunning: 6 } as const;

async function claim(config: SupervisorConfig, onLost: () => void): Promise<void> {
  openDataFolder(config.dataFolder);
  openRunFolder(config.runFolder);
  await holdLock(join(config.dataFolder, dataLayout.lock), onLost);
}

function credentialShown(credential: string): void {
  terminal.line(`\nAdministrator credential, shown only now (on this machine, as this user, you need none):\n  ${credential}`);
}

async function up(config: SupervisorConfig): Promise<void> {
  const events: SupervisorEvents = supervisorEvents(new LogFile(join(config.dataFolder, dataLayout.logs, 'supervisor.log')));
  const installation = new Installation(config, events);
  let endStarter = (): void => undefined;
  const stop = (status: number): void => {
    endStarter();
    installation.stop().finally(() => process.exit(status)).catch(() => undefined);
  };
  // Without a terminal there is nothing to hang up: `nohup modelkeep up &` goes on.
  for (const signal of ['SIGTERM', 'SIGINT', ...(isatty(0) ? ['SIGHUP' as const] : [])] as const) {
    process.on(signal, () => { if (!installation.stopping) terminal.dim('  stopping'); stop(exitStatus.stopped); });
  }
  if (!isatty(0)) process.on('SIGHUP', () => undefined);
  process.on('uncaughtException', (error) => { events.failed(error instanceof Error ? error.name : 'unknown'); stop(exitStatus.failed); });

  terminal.heading('Modelkeep');
  await step('data folder', () => claim(config, () => { events.lockLost(); terminal.problem('The lock of the data folder was lost; stopping.'); stop(exitStatus.failed); }), () => config.dataFolder);
  events.started();
  await startStatusServer(join(config.runFolder, sockets.supervisor), { status: () => installation.status(), configuration: () => publicConfiguration(config) });
  try {
    let credential: string | undefined;
    try { await installation.start((made) => { credential = made; }); } finally { if (credential !== undefined) credentialShown(credential); }
  } catch (error) {
    if (installation.stopping) return;
    terminal.line();
    terminal.problem(failureSentence(error, config));
    stop(exitStatus.failed);
    return;
  }
  events.ready(Math.round(performance.now()));
  terminal.line();
  terminal.heading(`Ready at ${config.origin}`);
  if (config.tls.mode === 'own') terminal.dim(`Its certificate authority: ${join(config.dataFolder, dataLayout.authority)}`);
  if (config.starter && !installation.stopping) endStarter = runStarter(config);
}

let config: SupervisorConfig | undefined;
try {
  config = readConfig(process.argv.slice(2));
  if (config) await up(config);
  else terminal.line(usage);
} catch (error) {
  const runs = config && error instanceof AlreadyRunning ? await whoRuns(join(config.runFolder, sockets.supervisor)) : '';
  if (config && error instanceof AlreadyRunning) terminal.problem(`Modelkeep is already running on ${config.dataFolder}${runs}. Use it, stop it, or choose another folder with --data.`);
  else terminal.problem(error instanceof Error ? error.message : 'unknown');
  process.exit(error instanceof AlreadyRunning ? exitStatus.alreadyRunning : error instanceof ConfigurationError ? exitStatus.usage : exitStatus.failed);
}
