/** Limits as they are typed and as the contract has them. */
import type { Limits } from '#contract/http/deployments.ts';

export type LimitName = keyof Limits;
export type TypedLimits = Record<LimitName, string>;
const bounds: Record<LimitName, [least: number, most: number]> = { requestsPerMinute: [0, 10_000_000], tokensPerMinute: [0, 1_000_000_000], concurrency: [1, 4096], queue: [0, 65_536], queueTimeoutMs: [1, 600_000] };
const options: Record<LimitName, string> = { requestsPerMinute: 'rpm', tokensPerMinute: 'tpm', concurrency: 'concurrency', queue: 'queue', queueTimeoutMs: 'queue-timeout' };
export const usualLimits: Limits = { requestsPerMinute: 0, tokensPerMinute: 0, concurrency: 64, queue: 256, queueTimeoutMs: 60_000 };
const names = Object.keys(bounds) as LimitName[];

export const typed = (limits: Limits): TypedLimits => Object.fromEntries(names.map((name) => [name, String(limits[name])])) as TypedLimits;

export function problemOfLimit(name: LimitName, text: string): string | undefined {
  const [least, most] = bounds[name];
  return /^\d{1,12}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most ? undefined : `A whole number from ${least} to ${most}.`;
}
export const isSound = (limits: TypedLimits): boolean => names.every((name) => problemOfLimit(name, limits[name]) === undefined);

/** Those that differ from what holds. */
export function changed(limits: TypedLimits, from: Limits): Partial<Limits> {
  return Object.fromEntries(names.filter((name) => Number(limits[name]) !== from[name]).map((name) => [name, Number(limits[name])]));
}
/** As options of the command line. */
export const limitOptions = (limits: Partial<Limits>): string => Object.entries(limits).map(([name, value]) => ` --${options[name as LimitName]} ${value}`).join('');
