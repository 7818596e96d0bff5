/** Whose sign-in it is: by name and password, or by the hash of a link's code. A link is used up in the change that starts the session. */
import type { SignInProof } from '#contract/internal/session.ts';
import { events } from '../server/events.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage } from '../storage/storage.ts';
import type { Attempts } from './attempts.ts';
import { verifyPassword } from './password.ts';

/** @returns the account's id; undefined for a link, which is looked at where it is used. @throws Refusal sign_in_refused, sign_in_limited */
export async function proveIdentity(storage: Storage, attempts: Attempts, proof: SignInProof): Promise<string | undefined> {
  if (proof.method === 'link') return undefined;
  try { attempts.begin(proof.name); } catch (error) { events.signIn('password', 'limited'); throw error; }
  const account = await storage.read((db) => db.selectFrom('accounts').select(['id', 'password']).where('name', '=', proof.name).executeTakeFirst());
  if (!await verifyPassword(proof.password, account?.password ?? null) || !account) {
    events.signIn('password', 'refused');
    throw new Refusal('sign_in_refused');
  }
  attempts.succeeded(proof.name);
  return account.id;
}
