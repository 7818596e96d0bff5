/** Whether a process that left its mark still runs. A number alone would not do: numbers are given anew. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export const ProcessMark = z.object({ pid: z.int().min(1), /** Clock ticks from the machine's start to the process's; empty where the system does not tell. */ started: z.string() });
export type ProcessMark = z.output<typeof ProcessMark>;

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
  } catch { return ''; }
}

export const ownMark = (): ProcessMark => ({ pid: process.pid, started: startOf(process.pid) });

/** True for another process only. */
export function runs({ pid, started }: ProcessMark): boolean {
  if (pid === process.pid) return false;
  try { process.kill(pid, 0); } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; }
  return startOf(pid) === started;
}
