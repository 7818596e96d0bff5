/** One request that is to be planted: where its canary stands, and how it ends. */
import type { Mark } from '#contract/marks.ts';
import type { Outcome } from '../cell.ts';
import type { Sent } from './send.ts';

export interface Planned { field: string; mark: Mark; outcome: Outcome; stream: boolean; send: (canary: string) => Sent }

export function planned(field: string, outcome: Outcome, send: (canary: string) => Sent, mark: Mark = 'personal', stream = false): Planned { return { field, mark, outcome, stream, send }; }
