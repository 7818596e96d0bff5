/** Which of many uploads get a row: those that somebody may have to do something about, and a few of the others. */
import type { Upload } from './uploads.ts';

export const isUnderWay = ({ stage: { at } }: Upload): boolean => at !== 'done' && at !== 'failed' && at !== 'cancelled';

/** Up to so many, each has its row. */
const few = 20;
const ofTheOthers = 5;

export interface Shown { rows: readonly Upload[]; /** Without a row. */ stored: number; waiting: number }

export function shownOf(uploads: readonly Upload[]): Shown {
  if (uploads.length <= few) return { rows: uploads, stored: 0, waiting: 0 };
  const [stored, waiting] = (['done', 'queued'] as const).map((at) => uploads.filter(({ stage }) => stage.at === at)) as [Upload[], Upload[]];
  const hidden = new Set([...stored.slice(0, -ofTheOthers), ...waiting.slice(ofTheOthers)]);
  return { rows: uploads.filter((upload) => !hidden.has(upload)), stored: Math.max(0, stored.length - ofTheOthers), waiting: Math.max(0, waiting.length - ofTheOthers) };
}

/** How all of them are doing, in a sentence. */
export function togetherInWords(uploads: readonly Upload[], count: (value: number) => string): string {
  const of = (holds: (upload: Upload) => boolean): number => uploads.filter(holds).length;
  const parts = [[of(isUnderWay), 'under way'], [of(({ stage }) => stage.at === 'failed'), 'not stored'], [of(({ stage }) => stage.at === 'cancelled'), 'cancelled']] as const;
  return `${count(of(({ stage }) => stage.at === 'done'))} of ${count(uploads.length)} stored${parts.filter(([many]) => many > 0).map(([many, word]) => `, ${count(many)} ${word}`).join('')}`;
}
