/** The audit's own search, for one string at a time. */
import { readFileSync } from 'node:fs';
import { Needles } from '#control/audit/search/needles.ts';
import { Search } from '#control/audit/search/search.ts';
import type { Hit } from '#control/audit/search/search.ts';
import { searchFolder as searchFolderFor } from '#control/audit/search/search-folder.ts';
import { searchCommandLine, searchEnvironment } from '#control/audit/search/search-process.ts';
import { descendants } from '#control/audit/search/descendants.ts';

export { descendants };
export type { Hit };

/** Searches a folder whole, or only the files changed since a time (Unix milliseconds). */
export function searchFolder(folder: string, canary: string, since = 0): Search {
  const search = new Search(new Needles([canary]));
  searchFolderFor(search, folder, { since });
  return search;
}

/** Searches a text, for instance what processes said on the terminal. */
export function searchText(place: string, text: string, canary: string): Hit[] {
  const search = new Search(new Needles([canary]));
  search.inText(place, text);
  return search.hits;
}

/** Searches command line and environment of processes. */
export function searchProcesses(pids: number[], canary: string): Hit[] {
  const search = new Search(new Needles([canary]));
  for (const pid of pids) {
    for (const look of [searchCommandLine, searchEnvironment]) try { look(search, pid, String(pid)); } catch { /* gone, or not ours */ }
  }
  return search.hits;
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
