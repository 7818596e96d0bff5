/** Finds models and counts facets in one pass over all of them. A facet counts what the other filters let through, so that its count is what choosing the value would give. */
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import { fold } from './entry.ts';
import type { Entry } from './entry.ts';

type Facets = ResponseOf<typeof operations.listModels>['facets'];
export type FacetName = keyof Facets;
export interface Filters { search?: string | undefined; task?: string | undefined; licence?: string | undefined; publisher?: string | undefined; deployable?: string | undefined; pull?: string | undefined; maxSize?: number | undefined }
export interface Found { matching: Entry[]; facets: Facets }

/** Values that a facet shows: more than a page can, less than ten thousand publishers. */
const shown = 50;
/** Bytes. Each counts what is at most so large. */
export const sizes = [100e6, 500e6, 1e9, 2e9, 5e9, 10e9, 50e9] as const;
const fields = ['task', 'licence', 'publisher', 'pull', 'deployable'] as const;

export function find(entries: readonly Entry[], { search, maxSize, ...chosen }: Filters): Found {
  const words = fold(search ?? '').split(/\s+/).filter((word) => word !== '');
  const counts = { task: new Map<string, number>(), licence: new Map<string, number>(), publisher: new Map<string, number>(), pull: new Map<string, number>(), deployable: new Map<string, number>() };
  const bySize = sizes.map(() => 0);
  const matching: Entry[] = [];
  for (const entry of entries) {
    if (!words.every((word) => entry.words.includes(word))) continue;
    const { summary } = entry;
    const against: FacetName[] = fields.filter((field) => chosen[field] !== undefined && String(summary[field]) !== chosen[field]);
    if (maxSize !== undefined && (summary.size ?? Infinity) > maxSize) against.push('size');
    if (against.length > 1) continue;
    const [only] = against;
    if (only === undefined) matching.push(entry);
    for (const field of fields) if (only === undefined || only === field) count(counts[field], String(summary[field]));
    if (only === undefined || only === 'size') for (const [i, size] of sizes.entries()) if ((summary.size ?? Infinity) <= size) bySize[i] = (bySize[i] ?? 0) + 1;
  }
  const facet = (field: (typeof fields)[number]): Facets['task'] => mostFrequent(counts[field], chosen[field]);
  return { matching, facets: { task: facet('task'), licence: facet('licence'), publisher: facet('publisher'), pull: facet('pull'), deployable: facet('deployable'), size: sizes.map((size, i) => ({ value: String(size), count: bySize[i] ?? 0 })) } };
}

function count(into: Map<string, number>, value: string): void { into.set(value, (into.get(value) ?? 0) + 1); }

/** The chosen value is always among them, also where nothing has it. */
function mostFrequent(counts: Map<string, number>, chosen: string | undefined): Facets['task'] {
  const all = [...counts].map(([value, found]) => ({ value, count: found })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const first = all.slice(0, shown);
  return chosen === undefined || first.some(({ value }) => value === chosen) ? first : [...first, { value: chosen, count: counts.get(chosen) ?? 0 }];
}
