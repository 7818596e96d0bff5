/** One's own password, as the hash that the gateway made: control never holds the password itself. */
import type { z } from 'zod';
import type { Principal } from '#contract/internal/principal.ts';
import type { SetPassword } from '#contract/internal/session.ts';
import type { ControlContext } from '../server/handler.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader } from '../storage/storage.ts';
import { endSessionsOf } from './end-sessions.ts';
import { findPerson } from './find-person.ts';

type Context = Pick<ControlContext, 'storage' | 'sessions'>;
/** Milliseconds in which whoever came by a link may set a password without the one that they lost. */
const freshMs = 15 * 60_000;

async function beganByLink(db: Reader, session: string, now: number): Promise<boolean> {
  const found = await db.selectFrom('sessions').select(['method', 'created_at']).where('id', '=', session).executeTakeFirst();
  return found?.method === 'link' && now - Date.parse(found.created_at) < freshMs;
}

async function needed({ storage, sessions }: Context, principal: Principal): Promise<{ name: string; password: string | null }> {
  // A key is nobody's account.
  if (principal.kind !== 'account') throw new Refusal('permission_denied');
  return await storage.read(async (db) => {
    const account = await findPerson(db, principal.id);
    if (!account) throw new Refusal('session_ended');
    return { name: account.name, password: await beganByLink(db, principal.sessionId ?? '', sessions.limits.now()) ? null : account.password };
  });
}

/** What the current password must match; null where none is asked for. Counted for the account, apart from attempts to sign in under its name: whoever makes those locks nobody out of this. @throws Refusal permission_denied, session_ended, sign_in_limited */
export async function passwordToMatch(context: Context, principal: Principal): Promise<string | null> {
  const { password } = await needed(context, principal);
  if (password !== null) context.sessions.attempts.begin(principal.id);
  return password;
}

/** @returns how many other sessions of the account ended. @throws Refusal permission_denied, session_ended, password_refused */
export async function setPassword(context: Context, { principal, verified, password }: z.output<typeof SetPassword.request>): Promise<number> {
  const { name, password: current } = await needed(context, principal);
  if (current !== null && verified !== current) throw new Refusal('password_refused', 'current');
  const ended = await context.storage.transact({ kind: 'account', id: principal.id }, async (tx) => {
    // It must still be the one that was matched; links that somebody else may hold go with it.
    const { numUpdatedRows } = await tx.updateTable('accounts').set({ password }).where('id', '=', principal.id).$if(current !== null, (update) => update.where('password', '=', current)).executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new Refusal('password_refused', 'current');
    await tx.deleteFrom('sign_in_links').where('account_id', '=', principal.id).execute();
    const others = await endSessionsOf(tx, principal.id, 'password_changed', principal.sessionId);
    return { result: others.sessions, entries: [{ kind: 'account.password_set' as const, object: principal.id, projectId: null, facts: {} }, ...others.entries] };
  });
  for (const known of [name, principal.id]) context.sessions.attempts.succeeded(known);
  for (const session of ended) context.sessions.lastSeen.forget(session);
  return ended.length;
}
