/** What the kernel shows of the installation's processes, and what they hold in memory. The gateway and its workers may hold content; no other process may. */
import { existsSync } from 'node:fs';
import type { Place } from '../cell.ts';
import type { Process } from '../processes.ts';
import type { Search } from '../search/search.ts';
import { searchCommandLine, searchEnvironment, searchMemory } from '../search/search-process.ts';
import { reasonOf } from './sink.ts';
import type { Sink } from './sink.ts';

type Look = (search: Search, pid: number, name: string) => void;

/** What has ended meanwhile is left out. */
function each(search: Search, processes: Process[], look: Look): string[] {
  const failed = processes.flatMap(({ pid, name }) => {
    try { look(search, pid, name); return []; } catch (error) {
      const code = reasonOf(error);
      // Until its parent has asked for it, what has ended has a name and no memory.
      if (code === 'ESRCH' || !existsSync(`/proc/${pid}`)) return [];
      return [`${name} (${code}${code === 'EACCES' || code === 'EPERM' ? ': the kernel shows it to root only; run the audit as root' : ''})`];
    }
  });
  return [...new Set(failed)];
}

export const commandLines: Sink = {
  id: 'command_lines', title: 'Command lines of all processes', place: 'processes', required: true,
  search: (search, { processes }) => each(search, processes, searchCommandLine),
};

export const environments: Sink = {
  id: 'environments', title: 'Environments of all processes but the workers, which are started without', place: 'processes', required: true,
  search: (search, { processes }) => each(search, processes.filter(({ name }) => name !== 'worker'), searchEnvironment),
};

function memorySink(id: string, title: string, place: Place, required: Sink['required'], wanted: (process: Process) => boolean): Sink {
  return {
    id, title, place, required,
    search: (search, { processes }) => {
      const shared = new Set<string>();
      if (!processes.some(wanted)) return ['no such process is on this machine'];
      return each(search, processes.filter(wanted), (into, pid, name) => searchMemory(into, pid, name, shared));
    },
  };
}

export const controlMemory = memorySink('control_memory', 'Memory of control', 'control memory', true, ({ name }) => name === 'control');
export const databaseMemory = memorySink('database_memory', 'Memory of the database', 'postgres memory', 'if_embedded', ({ name }) => name === 'postgres');
export const custodyMemory = memorySink('custody_memory', 'Memory of key-custody', 'custody memory', true, ({ name }) => name === 'key-custody');
export const otherMemory = memorySink('other_memory', 'Memory of the supervisor', 'other memory', true, ({ name }) => !['control', 'postgres', 'key-custody', 'gateway', 'worker'].includes(name));
