/** The installation's processes, each with the name of the one that it belongs to. */
import type { Installation } from './installation.ts';
import { descendantsIn, parentsOfAll } from './search/descendants.ts';

/** `worker`: whatever the gateway has started. The audit itself, which holds every canary, is none of them, also where control has started it. */
export interface Process { pid: number; name: string }

export function processesOf({ supervisor, processes }: Installation): Process[] {
  const named = new Map<number, string>();
  const name = (pid: number, as: string): void => { if (!named.has(pid)) named.set(pid, as); };
  // Read once: the watch on the network asks many times a second, and a machine may have many processes.
  const parents = parentsOfAll();
  for (const { pid, name: own } of processes) name(pid, own);
  for (const { pid, name: own } of processes) for (const below of descendantsIn(parents, pid)) name(below, own === 'gateway' ? 'worker' : own);
  for (const pid of descendantsIn(parents, supervisor)) name(pid, 'supervisor');
  for (const own of descendantsIn(parents, process.pid)) named.delete(own);
  return [...named].map(([pid, own]) => ({ pid, name: own }));
}
