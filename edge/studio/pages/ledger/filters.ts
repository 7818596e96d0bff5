/** What is asked of the ledger: in the address, so that it can be sent to someone. All of it is ids and words of closed lists. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { InputOf } from '../../api/call.ts';
import { useSignedIn } from '../../api/session.ts';

export type Query = NonNullable<InputOf<'listLedgerEntries'>['query']>;
const names = ['kind', 'object', 'actor'] as const;
export type FilterName = (typeof names)[number] | 'scope' | 'entry';
export interface Filters { query: Query; /** Whether every project may be looked at. */ mayAll: boolean; entry: number | undefined; filtered: boolean; set: (changes: Partial<Record<FilterName, string | undefined>>) => void }

export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const session = useSignedIn();
  const mayAll = session.scope === 'installation' && session.role === 'administrator';
  const query = useMemo((): Query => {
    const chosen = names.flatMap((name) => { const value = params.get(name)?.trim(); return value ? [[name, value] as const] : []; });
    return { ...Object.fromEntries(chosen), scope: mayAll && params.get('scope') !== 'project' ? 'installation' : 'project' };
  }, [params, mayAll]);
  const set = useCallback<Filters['set']>((changes) => {
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) if (value === undefined || value === '') next.delete(name); else next.set(name, value);
      return next;
    }, { replace: !('entry' in changes) });
  }, [setParams]);
  const entry = /^\d{1,15}$/.test(params.get('entry') ?? '') ? Number(params.get('entry')) : undefined;
  return { query, mayAll, entry, filtered: names.some((name) => query[name] !== undefined), set };
}
