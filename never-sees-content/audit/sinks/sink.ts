/** A sink: something that the installation keeps or sends, and how it is searched. */
import type { Cells, Place } from '../cell.ts';
import type { Installation } from '../installation.ts';
import type { Process } from '../processes.ts';
import type { Hit } from '../search/search.ts';
import { Search } from '../search/search.ts';
import type { Needles } from '../search/needles.ts';
import type { Unread } from '../search/search-folder.ts';
import type { Doors } from '../plant/plant.ts';

export interface Ground {
  installation: Installation; processes: Process[]; doors: Doors; cells: Cells;
  /** Names of the audit's own things, for what asks for one. */
  own: Record<string, string>;
  /** Where the database is, for one who may read all of it. */
  databaseUrl: string; embedded: boolean;
  /** Unix milliseconds at which the audit began. */
  since: number;
}
export interface Sink {
  id: string; title: string; place: Place;
  /** Whether the audit fails where a part of it could not be read. `if_embedded`: with the database of this machine. */
  required: boolean | 'if_embedded';
  /** Searches it. @returns what could not be read, in words. Throws the system's error where none of it could. */
  search(search: Search, ground: Ground): string[] | Promise<string[]>;
}
export interface SinkResult {
  id: string; title: string; place: Place; required: boolean; state: 'searched' | 'not_covered'; files: number; bytes: number; seconds: number;
  /** What could not be read, and why. */
  notCovered: string[];
  hits: Hit[];
}

export async function searchSink(sink: Sink, needles: Needles, ground: Ground): Promise<SinkResult> {
  const search = new Search(needles);
  const start = performance.now();
  let notCovered: string[];
  try { notCovered = await sink.search(search, ground); } catch (error) { notCovered = [reasonOf(error)]; }
  const { id, title, place } = sink;
  const required = sink.required === 'if_embedded' ? ground.embedded : sink.required;
  return { id, title, place, required, state: notCovered.length === 0 ? 'searched' : 'not_covered', files: search.files, bytes: search.bytes, seconds: Math.round(performance.now() - start) / 1000, notCovered, hits: search.hits };
}

/** A code: messages of errors can quote what they failed on. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
}

/** A few of what could not be read, with how many there are. */
export function told(unread: Unread[]): string[] {
  const shown = unread.slice(0, 5).map(({ path, code }) => `${path} (${code})`);
  return unread.length > shown.length ? [...shown, `and ${unread.length - shown.length} more`] : shown;
}
