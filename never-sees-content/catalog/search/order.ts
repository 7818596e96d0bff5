/** The orders of the list. Every one is total, its last word being the name, so that a page can begin after any model. */
import { z } from 'zod';
import { ModelName } from '#contract/names.ts';
import type { Entry } from './entry.ts';

export type Sort = 'name' | 'newest' | 'size' | 'parameters';
interface Place { key: number; name: string }

/** Smaller comes first. */
const keys: Record<Sort, (entry: Entry) => number> = {
  name: () => 0, newest: ({ position }) => -position,
  size: ({ summary }) => summary.size ?? Number.MAX_SAFE_INTEGER, parameters: ({ summary }) => summary.parameters ?? Number.MAX_SAFE_INTEGER,
};
const placeOf = (sort: Sort, entry: Entry): Place => ({ key: keys[sort](entry), name: entry.summary.name });
const compare = (a: Place, b: Place): number => a.key - b.key || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

export const inOrder = (entries: Iterable<Entry>, sort: Sort): Entry[] => [...entries].map((entry) => ({ entry, place: placeOf(sort, entry) })).sort((a, b) => compare(a.place, b.place)).map(({ entry }) => entry);

const Cursor = z.tuple([z.enum(['name', 'newest', 'size', 'parameters']), z.int(), ModelName]);
/** Says after which model the next page begins: that holds also where models came or changed in between. */
export const cursorAfter = (sort: Sort, entry: Entry): string => Buffer.from(JSON.stringify([sort, keys[sort](entry), entry.summary.name])).toString('base64url');

/** The entries after a cursor, or undefined where it is not one of this order. */
export function after(entries: Entry[], sort: Sort, cursor: string): Entry[] | undefined {
  const place = placeIn(sort, cursor);
  if (!place) return undefined;
  const from = entries.findIndex((entry) => compare(placeOf(sort, entry), place) > 0);
  return from < 0 ? [] : entries.slice(from);
}

function placeIn(sort: Sort, cursor: string): Place | undefined {
  try {
    const [of, key, name] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return of === sort ? { key, name } : undefined;
  } catch { return undefined; }
}
