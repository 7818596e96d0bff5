/** The machine that control runs on: room on its disk, its memory, its clock. */
import { readFile, statfs } from 'node:fs/promises';
import type { HealthCheck } from '#contract/http/health.ts';
import type { Reader } from '../storage/storage.ts';
import { unanswered, unwell, well } from './check.ts';

/** Bytes. */
const [plenty, little] = [5e9, 500e6];
const size = (bytes: number): string => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

export async function checkDisk(dataFolder: string): Promise<HealthCheck> {
  const about = { check: 'disk', name: 'Disk', means: 'Models, the database and logs need room in the data folder. A full disk stops every change.' } as const;
  const { bavail, bsize, blocks } = await statfs(dataFolder);
  const [free, all] = [bavail * bsize, blocks * bsize];
  const found = `${size(free)} of ${size(all)} are free where the data folder is.`;
  if (free > plenty) return well(about, found);
  return unwell(about, free > little ? 'attention' : 'failed', found, 'Make room: remove model files that no deployment uses, or start with a data folder on a larger disk.', 'modelkeep up --data DIR');
}

export async function checkMemory(): Promise<HealthCheck> {
  const about = { check: 'memory', name: 'Memory', means: 'A model is loaded whole. Without room for it the next deployment fails with memory_insufficient.' } as const;
  const text = await readFile('/proc/meminfo', 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  const [available, total] = [read('MemAvailable'), read('MemTotal')];
  const found = `${size(available)} of ${size(total)} are available.`;
  return available > 1e9 ? well(about, found) : unwell(about, available > little ? 'attention' : 'failed', found, 'Stop other programs, or delete deployments that nobody uses.', 'modelkeep deployments list');
}

/** Seconds by which two clocks may differ. */
const tolerance = 5;

/** Against the newest entry of the ledger: time that has gone back is the fault that breaks most. */
export async function checkClock(db: Reader): Promise<HealthCheck> {
  const about = { check: 'clock', name: 'Clock', means: 'Entries, receipts and sessions carry the time of this machine.' } as const;
  const newest = await db.selectFrom('ledger_entries').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  if (!newest) return unanswered(about, 'Look into the log of control.');
  const ahead = (Date.parse(newest.at) - Date.now()) / 1000;
  return ahead <= tolerance ? well(about, 'It has not gone back since the newest entry of the ledger.')
    : unwell(about, 'failed', `It is ${Math.round(ahead)} seconds before the newest entry of the ledger.`, 'Set the clock, and keep it with NTP.', 'timedatectl set-ntp true');
}
