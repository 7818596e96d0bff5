/** Searches what the kernel shows of a process: command line, environment, deleted files that it holds open, memory. */
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
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

interface Range { from: number; to: number; shared: string | undefined }

/** The readable ranges that hold anything, less unchanged parts of program files: those are files. */
function rangesOf(pid: number): Range[] {
  const ranges: (Range & { held: boolean })[] = [];
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const [, from = '', to = '', mode = '', offset = '', device = '', inode = '', path = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) (\S+) (\S+) (\d+)\s*(.*)$/.exec(line) ?? [];
    if (from !== '') {
      const program = inode !== '0' && mode[1] !== 'w';
      if (!mode.startsWith('r') || program || path === '[vvar]' || path === '[vsyscall]' || path === '[vvar_vclock]') { ranges.push({ from: 0, to: 0, shared: undefined, held: false }); continue; }
      ranges.push({ from: parseInt(from, 16), to: parseInt(to, 16), shared: mode[3] === 's' ? `${device} ${inode} ${offset}` : undefined, held: false });
    } else if (/^(Rss|Swap): +[1-9]/.test(line)) {
      const last = ranges.at(-1);
      if (last) last.held = true;
    }
  }
  return ranges.filter(({ held, to }) => held && to > 0);
}

/**
 * Searches the memory of a process. `shared`: memory that several processes share and that was searched already.
 * Throws the system's error where the kernel does not let us read it.
 */
export function searchMemory(search: Search, pid: number, name: string, shared: Set<string>): void {
  const ranges = rangesOf(pid);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const range of ranges) {
      if (range.shared !== undefined && shared.has(range.shared)) continue;
      if (range.shared !== undefined) shared.add(range.shared);
      try { search.inDescriptor(memory, `memory of ${name}`, { from: range.from, length: range.to - range.from }); } catch (error) {
        // The range was given back meanwhile, or lies on a device.
        if (!['EIO', 'EFAULT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  } finally { closeSync(memory); }
}
