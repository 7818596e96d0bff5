/** The programs of backups for tests: run whole, or killed in the middle. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { runFolder } from '#contract/installation.ts';
import { project } from '../installation.ts';

export const runOf = (data: string): string => runFolder(data, process.env['XDG_RUNTIME_DIR'] ?? '/tmp', (text) => createHash('sha256').update(text).digest('hex'));
export interface Ended { code: number | null; signal: NodeJS.Signals | null; said: Record<string, unknown> | undefined; steps: number }

/** Runs the program as the command line does. `killAfterMs`: kill -9 then, if it still runs. */
export async function runBackup(task: 'backup' | 'restore' | 'export' | 'import', data: string, place: string, { killAfterMs, more = [], env = {}, prefix = [] }: { killAfterMs?: number; more?: string[]; env?: NodeJS.ProcessEnv; prefix?: string[] } = {}): Promise<Ended> {
  const [file = '', ...args] = [...prefix, process.execPath, '--no-warnings', join(project, 'never-sees-content/backup/main.ts'), task, '--data', data, '--run', runOf(data), '--place', place, ...more];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const ended = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  if (killAfterMs !== undefined) void sleep(killAfterMs).then(() => child.kill('SIGKILL'));
  let said: Record<string, unknown> | undefined;
  let steps = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const each = JSON.parse(line) as Record<string, unknown>;
    if ('step' in each) steps++; else said = each;
  }
  return { ...await ended, said, steps };
}

export async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try { return (await client.query<Record<string, unknown>>(text)).rows; } finally { await client.end(); }
}
export const embedded = (run: string): string => `postgresql://postgres@localhost/modelkeep?host=${encodeURIComponent(run)}`;
