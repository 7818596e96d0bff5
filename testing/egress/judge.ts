/** Finds the declaration of what a process did: by the process, the source file and the target together. What has none is undeclared. */
import { basename, dirname } from 'node:path';
import { destinations } from '#contract/data-map/destinations.ts';
import type { Destination, DestinationId } from '#contract/data-map/destinations.ts';
import { localConnections } from '#contract/data-map/local-connections.ts';
import type { LocalConnection } from '#contract/data-map/local-connections.ts';
import { processes } from '#contract/data-map/processes.ts';
import type { Process } from '#contract/data-map/processes.ts';
import { programs } from '#contract/data-map/programs.ts';
import type { Entry } from './entry.ts';

export interface Circumstances {
  /** Folders of the local sockets. */
  runFolders: string[];
  /** Where each destination is in this test: `host:port`, or the path of a socket. */
  targets: Partial<Record<DestinationId, string[]>>;
}
export type Declaration = `destination ${DestinationId}` | `local ${keyof typeof localConnections}` | `program ${string}`;

export function processOf({ main }: Pick<Entry, 'main'>): Process | undefined {
  // The launcher script stands for the command that it starts until that has taken its place.
  if (main === 'bin/modelkeep.mjs') return 'supervisor';
  return (Object.keys(processes) as Process[]).find((name) => processes[name].main === main);
}
const named = <T, Id extends string>(record: Record<Id, T>): [Id, T][] => Object.entries(record) as [Id, T][];

function destinationOf({ kind, by = [], target = '' }: Entry, process: Process, how: 'connection' | 'program', targets: Circumstances['targets']): Declaration | undefined {
  // A look-up names the host alone.
  const isMeant = (known: string): boolean => known === target || (kind === 'lookup' && known.startsWith(`${target}:`));
  const found = named<Destination, DestinationId>(destinations).find(([id, { openings }]) => (targets[id] ?? []).some(isMeant)
    && openings.some((opening) => opening.by === how && opening.process === process && [opening.file, ...opening.senders ?? []].some((file) => by.includes(file))));
  return found && `destination ${found[0]}`;
}
function localOf({ by = [], target = '' }: Entry, process: Process, runFolders: string[]): Declaration | undefined {
  if (!runFolders.includes(dirname(target))) return undefined;
  const found = named<LocalConnection, keyof typeof localConnections>(localConnections).find(([, { socket, connects }]) => socket === basename(target) && connects.some((end) => end.process === process && by.includes(end.file)));
  return found && `local ${found[0]}`;
}
function programOf({ by = [], target = '' }: Entry, process: Process): Declaration | undefined {
  const found = programs.find((program) => program.kind === 'spawns' && program.process === process && by.includes(program.file) && program.programs.some((name) => name === target || name === basename(target)));
  return found && `program ${found.file}`;
}

export function declarationOf(entry: Entry, { runFolders, targets }: Circumstances): Declaration | undefined {
  const process = processOf(entry);
  if (!process) return undefined;
  switch (entry.kind) {
    case 'connect': return (entry.where === 'unix' ? localOf(entry, process, runFolders) : undefined) ?? destinationOf(entry, process, 'connection', targets);
    case 'spawn': return programOf(entry, process) ?? destinationOf(entry, process, 'program', targets);
    case 'lookup': return destinationOf(entry, process, 'connection', targets);
    default: return undefined;
  }
}

/** The record against the declarations: what has one, by its name, and what has none. */
export function judge(entries: Entry[], circumstances: Circumstances): { declared: Set<Declaration>; undeclared: Entry[] } {
  const declared = new Set<Declaration>();
  const undeclared: Entry[] = [];
  for (const entry of entries.filter(({ kind }) => kind !== 'started')) {
    const declaration = declarationOf(entry, circumstances);
    if (declaration) declared.add(declaration); else undeclared.push(entry);
  }
  return { declared, undeclared };
}
