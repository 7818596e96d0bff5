/** Entries by their place in the list, in parts of two hundred, only those that are looked at. New entries do not move what is on the page. */
import { useState } from 'react';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { AnswerOf, ApiError } from '../../api/call.ts';
import { useOperation } from '../../api/use-operation.ts';
import type { Query } from './filters.ts';

export type Answer = AnswerOf<'listLedgerEntries'>;
export type Entry = Answer['data'][number];
const part = 200;
const everyMs = 10_000;

export interface Entries {
  newest: Answer | undefined; error: ApiError | null; total: number;
  /** Undefined while it is read. */
  at: (place: number) => Entry | undefined;
  /** How many were added since. */
  added: number; renew: () => void;
}

/** `from`, `to`: places that are looked at. */
export function useEntries(query: Query, from: number, to: number): Entries {
  const [before, setBefore] = useState<number>();
  const newest = useOperation('listLedgerEntries', { query: { ...query, limit: 1 } }, { pollMs: everyMs, keep: true });
  const head = before ?? newest.data?.size;
  // The first answer fixes where the list begins.
  if (before === undefined && newest.data !== undefined) setBefore(newest.data.size);
  const fixed = useOperation('listLedgerEntries', { query: { ...query, before: head, limit: 1 } }, { enabled: head !== undefined, keep: true });
  const parts = head === undefined ? [] : range(Math.floor(from / part), Math.floor(Math.max(from, to) / part));
  const read = useQueries({
    queries: parts.map((each) => ({
      queryKey: ['listLedgerEntries', null, { ...query, before: head, offset: each * part, limit: part }], staleTime: Infinity, placeholderData: keepPreviousData,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Answer> => await call('listLedgerEntries', { query: { ...query, before: head, offset: each * part, limit: part }, signal }),
    })),
  });
  const byPart = new Map(parts.map((each, i) => [each, read[i]?.isPlaceholderData ? undefined : read[i]?.data?.data]));
  return {
    newest: newest.data, total: fixed.data?.total ?? 0, error: newest.error ?? fixed.error ?? (read.find(({ error }) => error !== null)?.error as ApiError | undefined) ?? null,
    at: (place) => byPart.get(Math.floor(place / part))?.[place % part], added: Math.max(0, (newest.data?.total ?? 0) - (fixed.data?.total ?? newest.data?.total ?? 0)), renew: () => setBefore(newest.data?.size),
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
