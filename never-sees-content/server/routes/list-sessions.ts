import { mayCall } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import { findPerson } from '../../identity/find-person.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const listSessions: Handler<typeof operations.listSessions> = async ({ principal, query }, { storage, sessions }) => await storage.read(async (db) => {
  const own = principal.kind === 'account' ? principal.id : undefined;
  const asked = query.account === undefined ? undefined : await findPerson(db, query.account);
  // Others are an administrator's business; to anyone else they are not there.
  if (query.account !== undefined && (!asked || (asked.id !== own && !mayCall(principal, 'administrator')))) throw new Refusal('person_not_found', 'account');
  const rows = await db.selectFrom('sessions').innerJoin('session_uses', 'session_uses.session_id', 'sessions.id').innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select(['sessions.id', 'sessions.created_at', 'expires_at', 'last_seen', 'method', 'browser', 'system', 'accounts.name as account']).where('account_id', '=', asked?.id ?? own ?? '').orderBy('sessions.created_at', 'desc').execute();
  return { data: rows.filter((row) => sessions.isOpen(row)).map(({ id, created_at, expires_at, last_seen, ...rest }) => ({
    id, ...rest, startedAt: created_at, expiresAt: expires_at, lastSeenAt: new Date(sessions.lastSeen.of(id, last_seen)).toISOString(), current: id === principal.sessionId,
  })) };
});
