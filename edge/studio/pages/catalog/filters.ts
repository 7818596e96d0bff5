/** What is asked of the catalog: kept in the address, so that a search can be sent to someone, and comes back with the browser's back button. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { InputOf } from '../../api/call.ts';

export type Query = NonNullable<InputOf<'listModels'>['query']>;
export const facetNames = ['task', 'deployable', 'pull', 'size', 'licence', 'publisher'] as const;
export type FacetName = (typeof facetNames)[number];
/** The parameter by which a facet is chosen. */
export const parameterOf = (facet: FacetName): keyof Query => (facet === 'size' ? 'maxSize' : facet);
const known: readonly (keyof Query)[] = ['search', 'task', 'licence', 'publisher', 'deployable', 'pull', 'maxSize', 'sort'];
const sorts = ['name', 'newest', 'size', 'parameters'];

export interface Asked { query: Query; chosen: (facet: FacetName) => string | undefined; set: (changes: Partial<Record<keyof Query, string | undefined>>) => void; filtered: boolean }

export function queryOf(params: URLSearchParams): Query {
  const entries = known.flatMap((name) => { const value = params.get(name); return value === null || value === '' || (name === 'sort' && !sorts.includes(value)) ? [] : [[name, value] as const]; });
  return Object.fromEntries(entries);
}

/** What stands in the address beside this is left out; a wrong value of a filter is for the server to refuse. */
export function useAsked(): Asked {
  const [params, setParams] = useSearchParams();
  const query = useMemo(() => queryOf(params), [params]);
  const set = useCallback<Asked['set']>((changes) => {
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) if (value === undefined || value === '') next.delete(name); else next.set(name, value);
      return next;
    }, { replace: true });
  }, [setParams]);
  const chosen = (facet: FacetName): string | undefined => query[parameterOf(facet)]?.toString();
  return { query, set, chosen, filtered: known.some((name) => name !== 'sort' && query[name] !== undefined) };
}
