/** Operations as hooks: what is read is shared between pages for as long as the page lives, and what is changed is read again. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { OperationId } from '#contract/operations.ts';
import { call } from './call.ts';
import type { AnswerOf, ApiError, InputOf } from './call.ts';

export interface Reading<I extends OperationId> {
  /** Milliseconds until it is read again, from what was read last; false: never. */
  pollMs?: number | false | ((last: AnswerOf<I> | undefined) => number | false);
  enabled?: boolean;
  /** What was read before stays while the next input is read. */
  keep?: boolean;
}

/** Reads an operation (a GET), and again whenever something in the same project was changed. */
export function useOperation<I extends OperationId>(id: I, input: Omit<InputOf<I>, 'signal' | 'body'> = {}, { pollMs = false, enabled = true, keep = false }: Reading<I> = {}): UseQueryResult<AnswerOf<I>, ApiError> {
  return useQuery<AnswerOf<I>, ApiError>({
    queryKey: [id, input.params ?? null, input.query ?? null], enabled,
    queryFn: async ({ signal }) => await call(id, { ...input, signal }),
    refetchInterval: typeof pollMs === 'function' ? (query) => pollMs(query.state.data) : pollMs,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Changes something. Everything that was read is read again, since one change can show in many places. */
export function useAct<I extends OperationId>(id: I): UseMutationResult<AnswerOf<I>, ApiError, Omit<InputOf<I>, 'signal'>> {
  const client = useQueryClient();
  return useMutation<AnswerOf<I>, ApiError, Omit<InputOf<I>, 'signal'>>({
    // What was sent, a secret perhaps, leaves the memory with the component that sent it.
    mutationKey: [id], gcTime: 0, mutationFn: async (input) => await call(id, input), onSuccess: () => { void client.invalidateQueries(); },
  });
}
