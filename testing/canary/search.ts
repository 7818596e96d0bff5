/** Searches bytes for a string in the spellings in which a leak would show: plain, JSON-escaped, UTF-16, base64 at each alignment, hexadecimal. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Hit { place: string; spelling: string }

/** Every spelling of a canary. The base64 forms leave out the first and last characters, which depend on the neighbours. */
export function spellings(canary: string): [string, Buffer][] {
  const bytes = Buffer.from(canary);
  const base64 = [0, 1, 2].map((offset): [string, Buffer] => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(3)]).toString('base64');
    const from = Math.ceil((offset * 8) / 6) + 1;
    return [`base64+${offset}`, Buffer.from(padded.slice(from, from + Math.floor((bytes.length * 8) / 6) - 3))];
  });
  return [['plain', bytes], ['utf16', Buffer.from(canary, 'utf16le')], ['hexadecimal', Buffer.from(bytes.toString('hex'))], ...base64];
}

function searchFile(path: string, needles: [string, Buffer][], hits: Hit[]): void {
  const overlap = Math.max(...needles.map(([, needle]) => needle.length));
  const window = Buffer.allocUnsafe(1 << 22);
  let file: number;
  try { file = openSync(path, 'r'); } catch { return; }
  try {
    for (let position = 0, kept = 0; ;) {
      const read = readSync(file, window, kept, window.length - kept, position);
      if (read <= 0) break;
      const seen = window.subarray(0, kept + read);
      for (const [spelling, needle] of needles) if (seen.includes(needle) && !hits.some((hit) => hit.place === path && hit.spelling === spelling)) hits.push({ place: path, spelling });
      position += read;
      kept = Math.min(overlap, seen.length);
      seen.copy(window, 0, seen.length - kept);
    }
  } catch { /* a folder or a device in the shape of a file: nothing to read */ } finally { closeSync(file); }
}

/** Searches a folder whole, or only the files changed since a time (Unix milliseconds). */
export function searchFolder(folder: string, canary: string, since = 0): { hits: Hit[]; files: number; bytes: number } {
  const needles = spellings(canary);
  const hits: Hit[] = [];
  let files = 0; let bytes = 0;
  const walk = (at: string): void => {
    let entries;
    try { entries = readdirSync(at, { withFileTypes: true }); } catch { return; }
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (path.includes(canary)) hits.push({ place: path, spelling: 'name' });
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) {
        try {
          const stat = statSync(path);
          if (Math.max(stat.mtimeMs, stat.ctimeMs) < since) continue;
          files++; bytes += stat.size;
        } catch { continue; }
        searchFile(path, needles, hits);
      }
    }
  };
  walk(folder);
  return { hits, files, bytes };
}

/** Searches a text, for instance what processes said on the terminal. */
export function searchText(place: string, text: string, canary: string): Hit[] {
  const bytes = Buffer.from(text);
  return spellings(canary).filter(([, needle]) => bytes.includes(needle)).map(([spelling]) => ({ place, spelling }));
}

/** Searches command line and environment of processes. */
export function searchProcesses(pids: number[], canary: string): Hit[] {
  return pids.flatMap((pid) => ['cmdline', 'environ'].flatMap((name) => {
    try { return searchText(`/proc/${pid}/${name}`, readFileSync(`/proc/${pid}/${name}`, 'latin1'), canary); } catch { return []; }
  }));
}

/** All descendants of a process. */
export function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch { /* gone meanwhile */ }
  }
  const found = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) if (found.has(parent) && !found.has(pid)) { found.add(pid); grown = true; }
  }
  return [...found];
}

/** Worker processes below a process, by what they were started with. */
export function workers(root: number): number[] {
  return descendants(root).filter((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return line.includes('inference-worker/main.ts') && !line.includes('launcher.ts') && !/^[^\0]*(bwrap|unshare|sh|prlimit)\0/.test(line);
    } catch { return false; }
  });
}
