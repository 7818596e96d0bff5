/** Searches what the kernel shows of a process: command line, environment, deleted files that it holds open, memory. */
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { heldParts, rangesOf } from './memory-ranges.ts';
import type { Search } from './search.ts';

/** Throws the system's error where the kernel does not show them. */
export function searchCommandLine(search: Search, pid: number, name: string): void { search.inBytes(`command line of ${name}`, readFileSync(`/proc/${pid}/cmdline`)); }
export function searchEnvironment(search: Search, pid: number, name: string): void { search.inBytes(`environment of ${name}`, readFileSync(`/proc/${pid}/environ`)); }

/** A file that has no name any more is in no folder, but on the disk. */
export function searchDeletedFiles(search: Search, pid: number, name: string): void {
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    const path = `/proc/${pid}/fd/${descriptor}`;
    try { if (readlinkSync(path).endsWith(' (deleted)') && statSync(path).isFile()) search.inFile(path, `deleted file that ${name} holds open`); } catch { /* closed meanwhile */ }
  }
}

/**
 * Searches the memory of a process. `shared`: memory that several processes share and that was searched already.
 * Throws the system's error where the kernel does not let us read it.
 */
export function searchMemory(search: Search, pid: number, name: string, shared: Set<string>): void {
  const { ranges, pageSize } = rangesOf(pid);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const range of ranges) {
      if (range.shared !== undefined && shared.has(range.shared)) continue;
      if (range.shared !== undefined) shared.add(range.shared);
      for (const { from, to } of heldParts(pid, range, pageSize)) {
        try { search.inDescriptor(memory, `memory of ${name}`, { from, length: to - from }); } catch (error) {
          // The range was given back meanwhile, or lies on a device.
          if (!['EIO', 'EFAULT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
        }
      }
    }
  } finally { closeSync(memory); }
}
