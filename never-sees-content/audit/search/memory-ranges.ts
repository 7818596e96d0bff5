/** Which parts of a process's memory hold anything, as the kernel's tables tell. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Addresses, `to` excluded. `shared`: what tells memory apart that several processes share. */
export interface Range { from: number; to: number; shared: string | undefined }

/** Bytes of one page's entry in the page map; in its last byte stand whether the page is present, and whether it is swapped out. */
const entrySize = 8;
const held = 0xc0;
/** Pages without anything in them, between two with something, that are read along rather than left out. */
const mostBetween = 16;

/** Readable ranges with something in them, less unchanged parts of program files: those are files. */
export function rangesOf(pid: number): { ranges: Range[]; pageSize: number } {
  const ranges: (Range & { held: boolean })[] = [];
  let pageSize = Infinity;
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const [, from = '', to = '', mode = '', offset = '', device = '', inode = '', path = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) (\S+) (\S+) (\d+)\s*(.*)$/.exec(line) ?? [];
    if (from !== '') {
      const unread = !mode.startsWith('r') || (inode !== '0' && mode[1] !== 'w') || /^\[(vvar|vvar_vclock|vsyscall)\]$/.test(path);
      ranges.push({ from: parseInt(from, 16), to: unread ? 0 : parseInt(to, 16), shared: mode[3] === 's' ? `${device} ${inode} ${offset}` : undefined, held: false });
    }
    const last = ranges.at(-1);
    if (last && /^(Rss|Swap): +[1-9]/.test(line)) last.held = true;
    const kilobytes = /^KernelPageSize: +(\d+) kB/.exec(line)?.[1];
    if (kilobytes !== undefined) pageSize = Math.min(pageSize, Number(kilobytes) * 1024);
  }
  return { ranges: ranges.filter((range) => range.held && range.to > 0).map(({ from, to, shared }) => ({ from, to, shared })), pageSize };
}

/** The parts of a range that are present or swapped out; the range itself where the kernel does not tell, or where others may have filled what this process has not touched. */
export function heldParts(pid: number, range: Range, pageSize: number): Range[] {
  if (range.shared !== undefined) return [range];
  const pages = (range.to - range.from) / pageSize;
  const map = Buffer.alloc(pages * entrySize);
  try {
    const file = openSync(`/proc/${pid}/pagemap`, 'r');
    try { if (readSync(file, map, 0, map.length, (range.from / pageSize) * entrySize) !== map.length) return [range]; } finally { closeSync(file); }
  } catch { return [range]; }
  const parts: Range[] = [];
  for (let page = 0; page < pages; page++) {
    if (((map[page * entrySize + entrySize - 1] ?? 0) & held) === 0) continue;
    const from = range.from + page * pageSize;
    const last = parts.at(-1);
    if (last && from - last.to <= mostBetween * pageSize) last.to = from + pageSize;
    else parts.push({ from, to: from + pageSize, shared: undefined });
  }
  return parts;
}
