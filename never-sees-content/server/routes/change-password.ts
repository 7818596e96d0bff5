import type { operations } from '#contract/operations.ts';
import { endSessionsOf } from '../../identity/end-sessions.ts';
import { findPerson } from '../../identity/find-person.ts';
import { hashPassword, verifyPassword } from '../../identity/password.ts';
import type { Reader } from '../../storage/storage.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

/** Milliseconds in which whoever came by a link may set a password without the one that they lost. */
const freshMs = 15 * 60_000;

async function beganByLink(db: Reader, session: string, now: number): Promise<boolean> {
  const found = await db.selectFrom('sessions').select(['method', 'created_at']).where('id', '=', session).executeTakeFirst();
  return found?.method === 'link' && now - Date.parse(found.created_at) < freshMs;
}

export const changePassword: Handler<typeof operations.changePassword> = async ({ principal, body, actor }, { storage, sessions }) => {
  // A key is nobody's account.
  if (principal.kind !== 'account') throw new Refusal('permission_denied');
  const { account, byLink } = await storage.read(async (db) => ({ account: await findPerson(db, principal.id), byLink: await beganByLink(db, principal.sessionId ?? '', sessions.limits.now()) }));
  if (!account) throw new Refusal('session_ended');
  if (account.password !== null && !byLink) {
    // Counted with the attempts to sign in: an open session is no way to guess either.
    sessions.attempts.begin(account.name);
    if (!await verifyPassword(body.current ?? '', account.password)) throw new Refusal('password_refused', 'current');
    sessions.attempts.succeeded(account.name);
  }
  const password = await hashPassword(body.password);
  const ended = await storage.transact(actor, async (tx) => {
    await tx.updateTable('accounts').set({ password }).where('id', '=', account.id).execute();
    const others = await endSessionsOf(tx, account.id, 'password_changed', principal.sessionId);
    return { result: others.sessions, entries: [{ kind: 'account.password_set' as const, object: account.id, projectId: null, facts: {} }, ...others.entries] };
  });
  for (const session of ended) sessions.lastSeen.forget(session);
  return { endedSessions: ended.length };
};
