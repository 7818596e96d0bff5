/** Finds models and counts facets in one pass over all of them. A facet counts what the other filters let through, so that its count is what choosing the value would give. */
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import { facetFields, fold } from './entry.ts';
import type { Entry } from './entry.ts';

type Facets = ResponseOf<typeof operations.listModels>['facets'];
export type FacetName = keyof Facets;
export interface Filters { search?: string | undefined; task?: string | undefined; licence?: string | undefined; publisher?: string | undefined; deployable?: string | undefined; pull?: string | undefined; maxSize?: number | undefined }
export interface Found { matching: Entry[]; facets: Facets }

/** Values that a facet shows: more than a page can, less than ten thousand publishers. */
const shown = 50;
/** Bytes. Each counts what is at most so large. */
export const sizes = [100e6, 500e6, 1e9, 2e9, 5e9, 10e9, 50e9] as const;

export function find(entries: readonly Entry[], { search, maxSize = Infinity, ...chosen }: Filters): Found {
  const words = fold(search ?? '').split(/\s+/).filter((word) => word !== '');
  const wanted = facetFields.map((field) => chosen[field]);
  const counts = facetFields.map(() => new Map<string, number>());
  const bySize = sizes.map(() => 0);
  const matching: Entry[] = [];
  for (const entry of entries) {
    if (!words.every((word) => entry.words.includes(word))) continue;
    const size = entry.summary.size ?? Infinity;
    const only = against(entry, wanted, maxSize !== Infinity && size > maxSize);
    if (only === 'several') continue;
    if (only === 'none') matching.push(entry);
    for (let i = 0; i < counts.length; i++) if (only === 'none' || only === i) count(counts[i], entry.values[i]);
    if (only === 'none' || only === 'size') for (let i = 0; i < sizes.length; i++) if (size <= (sizes[i] ?? 0)) bySize[i] = (bySize[i] ?? 0) + 1;
  }
  const [task = [], licence = [], publisher = [], pull = [], deployable = []] = counts.map((each, i) => mostFrequent(each, wanted[i]));
  return { matching, facets: { task, licence, publisher, pull, deployable, size: sizes.map((size, i) => ({ value: String(size), count: bySize[i] ?? 0 })) } };
}

/** Which of the chosen values an entry has not: a facet still counts what only its own choice keeps out. */
function against({ values }: Entry, wanted: readonly (string | undefined)[], tooLarge: boolean): number | 'size' | 'none' | 'several' {
  let found: number | 'size' | 'none' = tooLarge ? 'size' : 'none';
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === undefined || wanted[i] === values[i]) continue;
    if (found !== 'none') return 'several';
    found = i;
  }
  return found;
}

function count(into: Map<string, number> | undefined, value = ''): void { into?.set(value, (into.get(value) ?? 0) + 1); }

/** The chosen value is always among them, also where nothing has it. */
function mostFrequent(counts: Map<string, number>, chosen: string | undefined): Facets['task'] {
  const all = [...counts].map(([value, found]) => ({ value, count: found })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const first = all.slice(0, shown);
  return chosen === undefined || first.some(({ value }) => value === chosen) ? first : [...first, { value: chosen, count: counts.get(chosen) ?? 0 }];
}
