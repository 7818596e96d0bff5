/** A model as searching needs it: what the list shows, and its words made comparable once. */
import type { ModelSummary } from '#contract/http/models.ts';

export interface Entry {
  summary: ModelSummary;
  /** Order of import of its newest version. */
  position: number;
  words: string;
  /** What it counts for in each facet but size, in the order of `facetFields`. */
  values: readonly string[];
}

export const facetFields = ['task', 'licence', 'publisher', 'pull', 'deployable'] as const;

/** Without case and accents, so that "Cafe" finds "Café". */
export const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export function entryOf(summary: ModelSummary, position: number): Entry {
  const { name, displayName, publisher, licence, task } = summary;
  return { summary, position, words: fold([name, displayName, publisher, summary.summary, licence, task].join(' ')), values: facetFields.map((field) => String(summary[field])) };
}
