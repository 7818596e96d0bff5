/** A model as searching needs it: what the list shows, and its words made comparable once. */
import type { ModelSummary } from '#contract/http/models.ts';

export interface Entry {
  summary: ModelSummary;
  /** Order of import of its newest version. */
  position: number;
  words: string;
}

/** Without case and accents, so that "Cafe" finds "Café". */
export const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export function entryOf(summary: ModelSummary, position: number): Entry {
  const { name, displayName, publisher, licence, task } = summary;
  return { summary, position, words: fold([name, displayName, publisher, summary.summary, licence, task].join(' ')) };
}
