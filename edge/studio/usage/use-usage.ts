/** Usage of a range, and the steps in it. */
import { useMemo } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { AnswerOf, ApiError } from '../api/call.ts';
import { useOperation } from '../api/use-operation.ts';
import { stepsOf } from './range.ts';
import type { Range } from './range.ts';

/** Read again once a minute: what was used just now is among it. */
export function useUsage({ from, to, step }: Range, deployment?: string): { usage: UseQueryResult<AnswerOf<'showUsage'>, ApiError>; steps: string[] } {
  const usage = useOperation('showUsage', { query: { by: step, from: from.toISOString(), to: to.toISOString(), deployment } }, { pollMs: 60_000, keep: true });
  const steps = useMemo(() => stepsOf({ from, to, step }), [from, to, step]);
  return { usage, steps };
}
