/** The models that match, page after page as they are scrolled to. What matched before stays until the answer to the next question is there. */
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { ApiError } from '../../api/call.ts';
import type { ModelList, Summary } from '../../models/words.ts';
import type { Query } from './filters.ts';

/** The first answer is small, so that it is there at once; whoever goes on gets more at a time. */
const pageLength = { first: 100, further: 500 };

export interface Models {
  models: readonly Summary[]; total: number; facets: ModelList['facets'] | undefined; error: ApiError | null;
  /** True while what is shown is the answer to an earlier question. */
  stale: boolean; loading: boolean;
  /** Asks for more until at least this many are there. */
  need: (count: number) => void; retry: () => void;
}

const pagesOf = (query: Query) => infiniteQueryOptions<ModelList, ApiError, InfiniteData<ModelList>, unknown[], string | undefined>({
  queryKey: ['listModels', 'pages', query], initialPageParam: undefined, staleTime: 30_000,
  queryFn: async ({ signal, pageParam }) => await call('listModels', { query: { ...query, limit: pageParam === undefined ? pageLength.first : pageLength.further, after: pageParam }, signal }),
  getNextPageParam: ({ next }) => next ?? undefined,
});
/** Asks before the page is there. */
export const askAhead = (client: QueryClient, query: Query): void => { client.infiniteQuery(pagesOf(query)).catch(() => undefined); };

export function useModels(query: Query): Models {
  const found = useInfiniteQuery({
    ...pagesOf(query), placeholderData: keepPreviousData,
    // A pull under way ends without anybody's doing here.
    refetchInterval: ({ state: { data } }) => (data && data.pages.length <= 2 && data.pages[0]?.data.some(({ pull }) => pull === 'pulling') ? 3000 : false),
  });
  const models = found.data?.pages.flatMap(({ data }) => data) ?? [];
  return {
    models, total: found.data?.pages[0]?.total ?? 0, facets: found.data?.pages[0]?.facets, error: found.error, stale: found.isPlaceholderData, loading: found.isPending,
    need: (count) => { if (count > models.length && found.hasNextPage && !found.isFetching && !found.isPlaceholderData) void found.fetchNextPage(); },
    retry: () => { void found.refetch(); },
  };
}
