import { mayCall } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import { endSessions } from '../../identity/end-sessions.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const revokeSession: Handler<typeof operations.revokeSession> = async ({ principal, params, actor }, { storage, sessions }) => {
  await storage.transact(actor, async (tx) => {
    const found = await tx.selectFrom('sessions').select('account_id').where('id', '=', params.session).executeTakeFirst();
    const mine = principal.kind === 'account' && found?.account_id === principal.id;
    if (!found || !(mine || mayCall(principal, 'administrator'))) throw new Refusal('session_not_found', 'session');
    const { entries } = await endSessions(tx, [params.session], 'revoked');
    return { result: undefined, entries };
  });
  sessions.lastSeen.forget(params.session);
  return { id: params.session, ended: true };
};
