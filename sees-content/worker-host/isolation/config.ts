/** The only reader of the environment in the isolation module: a lower tier may be asked for, never a higher one. */
import type { Tier } from './environment.ts';

export function forcedTier(): Tier | undefined {
  const value = process.env['MODELKEEP_FORCE_TIER'];
  return value === 'bubblewrap' || value === 'launcher' || value === 'none' ? value : undefined;
}

/** Names of the variables that this process was given. */
export const environmentNames = (): string[] => Object.keys(process.env);
