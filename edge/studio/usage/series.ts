/** From the rows of usage to what a plot shows: a value for every step, zero where nothing happened. */
import type { AnswerOf } from '../api/call.ts';

export type UsageRow = AnswerOf<'showUsage'>['data'][number];
export interface Point { at: string; value: number }
export interface Series { name: string; points: Point[] }
/** More would not be told apart by colour. */
const mostSeries = 7;

/** One series a deployment, the busiest first; what does not fit is summed as `other`. */
export function byDeployment(rows: readonly UsageRow[], steps: readonly string[], valueOf: (row: UsageRow) => number): Series[] {
  const names = [...new Set(rows.map(({ deployment }) => deployment))];
  const all = names.map((name) => seriesOf(name, rows.filter(({ deployment }) => deployment === name), steps, valueOf)).sort((a, b) => total(b) - total(a) || a.name.localeCompare(b.name));
  if (all.length <= mostSeries) return all;
  const rest = all.slice(mostSeries - 1);
  return [...all.slice(0, mostSeries - 1), { name: `${rest.length} others`, points: steps.map((at, i) => ({ at, value: rest.reduce((sum, { points }) => sum + (points[i]?.value ?? 0), 0) })) }];
}

export function seriesOf(name: string, rows: readonly UsageRow[], steps: readonly string[], valueOf: (row: UsageRow) => number): Series {
  const values = new Map<string, number>();
  for (const row of rows) values.set(row.from, (values.get(row.from) ?? 0) + valueOf(row));
  return { name, points: steps.map((at) => ({ at, value: values.get(at) ?? 0 })) };
}

export const total = ({ points }: Series): number => points.reduce((sum, { value }) => sum + value, 0);

export type Totals = Omit<UsageRow, 'from' | 'deployment'>;
/** What each deployment used in all, the busiest first. */
export function totalsByDeployment(rows: readonly UsageRow[]): (Totals & { deployment: string })[] {
  const sums = new Map<string, Totals>();
  for (const { deployment, from: _from, ...row } of rows) {
    const sum = sums.get(deployment) ?? { requests: 0, aborted: 0, failed: 0, promptTokens: 0, cachedTokens: 0, outputTokens: 0 };
    sums.set(deployment, Object.fromEntries(Object.entries(sum).map(([name, value]) => [name, value + row[name as keyof Totals]])) as unknown as Totals);
  }
  return [...sums].map(([deployment, sum]) => ({ deployment, ...sum })).sort((a, b) => b.requests - a.requests || a.deployment.localeCompare(b.deployment));
}
