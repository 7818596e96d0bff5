/** The starter is a user of the installation like any other: a process of its own, whose failure stops nothing. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SupervisorConfig } from './config.ts';
import { project } from './installation.ts';
import { terminal } from './terminal.ts';

/** @returns what ends it. */
export function runStarter(config: SupervisorConfig): () => void {
  const child = spawn(process.execPath, [join(project, 'edge/cli/main.ts'), '--data', config.dataFolder, 'starter'], { stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', () => terminal.problem('The starter could not be started.'));
  return () => { child.kill('SIGTERM'); };
}
