/** A control group of one worker: memory and number of tasks. */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import type { Cgroups } from './environment.ts';

export interface Group { /** Files to which a process writes its id to join. */ join: string[]; remove(): void }

let serial = 0;

/** @throws where the kernel refuses. */
export function makeGroup(cgroups: Cgroups, memoryBytes: number, tasks: number): Group {
  const name = `modelkeep-${process.pid}-${++serial}`;
  const folders = cgroups.parents.map((parent) => `${parent}/${name}`);
  for (const folder of folders) mkdirSync(folder);
  const write = (folder: string | undefined, file: string, value: number): void => { if (folder !== undefined) writeFileSync(`${folder}/${file}`, String(value)); };
  if (cgroups.version === 'v2') {
    write(folders[0], 'memory.max', memoryBytes);
    write(folders[0], 'pids.max', tasks);
    try { write(folders[0], 'memory.swap.max', 0); write(folders[0], 'memory.oom.group', 1); } catch { /* no swap accounting */ }
  } else {
    write(folders[0], 'memory.limit_in_bytes', memoryBytes);
    try { write(folders[0], 'memory.swappiness', 0); } catch { /* not offered */ }
    write(folders[1], 'pids.max', tasks);
  }
  return { join: folders.map((folder) => `${folder}/cgroup.procs`), remove: () => { for (const folder of folders) removeSoon(folder, 40); } };
}

/** A group can be removed only once its last task is gone. */
function removeSoon(folder: string, tries: number): void {
  try { rmdirSync(folder); } catch {
    if (tries > 0) setTimeout(() => removeSoon(folder, tries - 1), 100).unref();
  }
}

/** Whether a process is in a group with our name, as the kernel sees it. */
export const isInGroup = (pid: number): boolean => { try { return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes('/modelkeep-'); } catch { return false; } };
