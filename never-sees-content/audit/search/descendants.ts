/** All descendants of processes, and themselves. */
import { readFileSync, readdirSync } from 'node:fs';

/** Every process of the machine with its parent. */
export function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch { /* gone meanwhile */ }
  }
  return parents;
}

export function descendantsIn(parents: ReadonlyMap<number, number>, ...roots: number[]): number[] {
  const found = new Set(roots);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) if (found.has(parent) && !found.has(pid)) { found.add(pid); grown = true; }
  }
  return [...found];
}

export const descendants = (...roots: number[]): number[] => descendantsIn(parentsOfAll(), ...roots);
