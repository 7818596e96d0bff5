/** Begins a session in one change: the link is used up, the session that the browser had ends, the new one is recorded. */
import type { Browser, System } from '#contract/browsers.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { SignInProof } from '#contract/internal/session.ts';
import { events } from '../server/events.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader, Storage, Writer } from '../storage/storage.ts';
import { endSessions } from './end-sessions.ts';
import { identifier } from './identifier.ts';
import { principalOf } from './principal-of.ts';

/** `account`: whose the proof is, as `provenAccount` found it. */
interface Beginning { account: string; proof: SignInProof; previous: string | null; browser: Browser; system: System; hash: string }

/** @throws Refusal sign_in_refused */
export async function startSession(storage: Storage, { sessionMs, now }: { sessionMs: number; now: () => number }, { account, proof, previous, browser, system, hash }: Beginning): Promise<{ principal: Principal; ended: string[] }> {
  const at = now();
  const created_at = new Date(at).toISOString();
  const id = identifier('ses');
  const ended = await storage.transact({ kind: 'account', id: account }, async (tx) => {
    await useProof(tx, proof, account, created_at);
    const before = previous === null ? undefined : await tx.selectFrom('sessions').select('id').where('hash', '=', previous).executeTakeFirst();
    const { sessions, entries } = await endSessions(tx, before ? [before.id] : [], 'replaced');
    await tx.insertInto('sessions').values({ id, hash, account_id: account, created_at, expires_at: new Date(at + sessionMs).toISOString(), method: proof.method, browser, system }).execute();
    await tx.insertInto('session_uses').values({ session_id: id, last_seen: created_at }).execute();
    return { result: sessions, entries: [...entries, { kind: 'session.started' as const, object: id, projectId: null, facts: { account, method: proof.method } }] };
  });
  events.signIn(proof.method, 'complete');
  return { principal: await storage.read((db) => principalOf(db, { id, account_id: account }, null)), ended };
}

/** @throws Refusal sign_in_refused */
async function accountOf(db: Reader, proof: SignInProof, at: string): Promise<string> {
  if (proof.method === 'link') return (await db.selectFrom('sign_in_links').select('account_id').where('hash', '=', proof.hash).where('expires_at', '>', at).executeTakeFirst())?.account_id ?? refuse('link');
  // One that was changed since the gateway looked is not the one that was matched.
  return (await db.selectFrom('accounts').select('id').where('name', '=', proof.name).where('password', '=', proof.verified).executeTakeFirst())?.id ?? refuse('password');
}

/** Whose the proof is, before anything is made for it; it is looked at again when it is used. @throws Refusal sign_in_refused */
export async function provenAccount(storage: Storage, proof: SignInProof, now: number): Promise<string> {
  return await storage.read((db) => accountOf(db, proof, new Date(now).toISOString()));
}

/** Of two that use the same link one finds its row gone; the account's other links go with it. A password must still be the one that was matched. */
async function useProof(tx: Writer, proof: SignInProof, account: string, at: string): Promise<void> {
  if (proof.method === 'password') {
    if (!await tx.selectFrom('accounts').select('id').where('id', '=', account).where('password', '=', proof.verified).executeTakeFirst()) refuse('password');
    return;
  }
  const used = await tx.deleteFrom('sign_in_links').where('hash', '=', proof.hash).where('expires_at', '>', at).returning('account_id').executeTakeFirst();
  if (!used) refuse('link');
  await tx.deleteFrom('sign_in_links').where('account_id', '=', account).execute();
}

function refuse(method: SignInProof['method']): never {
  events.signIn(method, 'refused');
  throw new Refusal('sign_in_refused');
}
