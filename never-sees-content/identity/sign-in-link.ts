/** Links that sign somebody in, once: for the first start, for invitations and for lost passwords. */
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import type { LedgerEntryInput } from '../ledger/entry.ts';
import type { Writer } from '../storage/storage.ts';
import type { Minted } from './custody-client.ts';

type SignInLink = ResponseOf<typeof operations.addPerson>['link'];
export const invitationMinutes = 7 * 24 * 60;
/** The account of whoever runs the installation: made when a link for it is first asked for. */
export const owner = 'owner';

interface NewLink { account: string; minted: Minted; now: number; minutes: number; actor: string; origin: string }

/** Makes the link, and takes away the account's expired ones. */
export async function makeSignInLink(tx: Writer, { account, minted, now, minutes, actor, origin }: NewLink): Promise<{ link: SignInLink; entry: LedgerEntryInput }> {
  const [created_at, expires_at] = [new Date(now).toISOString(), new Date(now + minutes * 60_000).toISOString()];
  await tx.deleteFrom('sign_in_links').where('account_id', '=', account).where('expires_at', '<=', created_at).execute();
  await tx.insertInto('sign_in_links').values({ hash: minted.hash, account_id: account, created_at, created_by: actor, expires_at }).execute();
  return {
    // Behind `#` it is sent to no server, and so in no log and no referrer.
    link: { url: `${origin}/studio/sign-in#${minted.credential}`, code: minted.credential, expiresAt: expires_at },
    entry: { kind: 'sign_in_link.created', object: account, projectId: null, facts: { expiresAt: expires_at } },
  };
}
