/** Bytes of memory that programs can still get here: of the machine, or of a control group around this process where that is less. */
import { readFileSync } from 'node:fs';

const read = (path: string): string | undefined => { try { return readFileSync(path, 'utf8'); } catch { return undefined; } };
const number = (text: string | undefined): number | undefined => { const value = Number(text?.trim() || NaN); return Number.isFinite(value) ? value : undefined; };
const named = (text: string | undefined, name: string): number => Number(new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text ?? '')?.[1] ?? 0);

/** What is left of a group's limit. Files that were read long ago count as used there and are given back when something asks. */
function leftIn(folder: string, files: { limit: string; used: string; idle: string }): number | undefined {
  const [limit, used] = [number(read(`${folder}/${files.limit}`)), number(read(`${folder}/${files.used}`))];
  return limit === undefined || used === undefined ? undefined : Math.max(0, limit - used + named(read(`${folder}/memory.stat`), files.idle));
}
const versions = [
  { root: '/sys/fs/cgroup', line: /^0::(.*)$/m, limit: 'memory.max', used: 'memory.current', idle: 'inactive_file' },
  { root: '/sys/fs/cgroup/memory', line: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m, limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', idle: 'total_inactive_file' },
];

/** @returns null where the machine does not say. */
export function availableMemory(): number | null {
  const groups = read('/proc/self/cgroup') ?? '';
  const machine = named(read('/proc/meminfo'), 'MemAvailable') * 1024;
  const left = versions.flatMap(({ root, line, ...files }) => {
    const path = line.exec(groups)?.[1] ?? '';
    const parts = path.split('/').filter((part) => part !== '' && part !== '..');
    // Every group around it has a limit of its own; in a container the path may lead elsewhere, and the root is the container's.
    return parts.map((_part, i) => `${root}/${parts.slice(0, i + 1).join('/')}`).concat(root).map((folder) => leftIn(folder, files));
  });
  const all = [machine, ...left].filter((value) => value !== undefined && value > 0) as number[];
  return all.length === 0 ? null : Math.floor(Math.min(...all));
}
