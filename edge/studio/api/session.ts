/** Who is signed in, for the whole page. */
import { createContext, useContext } from 'react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { call } from './call.ts';
import type { AnswerOf, ApiError } from './call.ts';
import { actWith } from './session-headers.ts';

export type Session = AnswerOf<'showSession'>;

export const sessionQuery = queryOptions<Session, ApiError>({
  queryKey: ['showSession'],
  queryFn: async ({ client, queryKey, signal }) => {
    const session = await call('showSession', { signal });
    // Another tab signed somebody else in: this one begins anew, with nothing of the one before in its memory.
    const before = client.getQueryData<Session>(queryKey);
    if (before && before.account?.id !== session.account?.id) window.location.replace('/studio/catalog');
    actWith(session);
    return session;
  },
});

/** Read once a minute: a session that ended elsewhere ends here too. */
export const useSession = (): UseQueryResult<Session, ApiError> => useQuery({ ...sessionQuery, refetchInterval: 60_000 });

export const SessionContext = createContext<Session | undefined>(undefined);
/** The session within the shell. @throws Error outside of it */
export function useSignedIn(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('outside the shell');
  return session;
}
const rank = { reader: 0, member: 1, administrator: 2 } as const;
/** Whether the session's role in its project is at least this one. The server decides; the page only does not offer what would be refused. */
export const may = (session: Session, role: keyof typeof rank): boolean => rank[session.role] >= rank[role];
