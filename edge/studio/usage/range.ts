/** Ranges of time that usage is asked for, and the steps in them. Steps are those of the server: hours and days in UTC. */
export type Step = 'hour' | 'day';
export const presets = ['today', '7d', '30d'] as const;
export type Preset = (typeof presets)[number];
export interface Range { from: Date; to: Date; step: Step }

const hour = 3_600_000;
const day = 24 * hour;
const sizes: Record<Step, number> = { hour, day };
const floor = (at: number, step: Step): number => Math.floor(at / sizes[step]) * sizes[step];
/** The most steps that are shown: beyond them days stand in for hours. */
const mostHours = 72;

export function rangeOf(preset: Preset, now: Date): Range {
  const end = new Date(floor(now.getTime(), 'hour') + hour);
  if (preset === 'today') return { from: new Date(floor(now.getTime(), 'day')), to: end, step: 'hour' };
  const days = preset === '7d' ? 7 : 30;
  return { from: new Date(floor(now.getTime(), 'day') - (days - 1) * day), to: end, step: 'day' };
}

/** Both days included, as a date field spells them (`2026-03-01`); undefined where they make no range, or one of more than two years. */
export function customRange(first: string, last: string): Range | undefined {
  const from = Date.parse(`${first}T00:00:00Z`);
  const to = Date.parse(`${last}T00:00:00Z`) + day;
  if (!(to > from) || to - from > 731 * day) return undefined;
  return { from: new Date(from), to: new Date(to), step: to - from <= mostHours * hour ? 'hour' : 'day' };
}

/** The start of every step in the range, as the server spells it. */
export function stepsOf({ from, to, step }: Range): string[] {
  const starts: string[] = [];
  for (let at = floor(from.getTime(), step); at < to.getTime(); at += sizes[step]) starts.push(new Date(at).toISOString());
  return starts;
}

/** A date as a date field spells it. */
export const dateField = (at: Date): string => at.toISOString().slice(0, 10);
