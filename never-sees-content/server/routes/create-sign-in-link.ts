import { mayCall } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import { findPerson } from '../../identity/find-person.ts';
import { makeAccount } from '../../identity/make-account.ts';
import { maySignIn } from '../../identity/manages.ts';
import { makeSignInLink, owner } from '../../identity/sign-in-link.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const createSignInLink: Handler<typeof operations.createSignInLink> = async ({ principal, project, body, actor }, { storage, custody, sessions, config }) => {
  const minted = await custody.mint('mk-sl-');
  const now = sessions.limits.now();
  return await storage.transact(actor, async (tx) => {
    const found = await findPerson(tx, body.account);
    if (!found && !(body.account === owner && mayCall(principal, 'administrator'))) throw new Refusal('person_not_found', 'account');
    // Somebody of another project is not told apart from nobody.
    if (found && !maySignIn(principal, project.id, found.roles)) throw new Refusal(found.roles.some(({ project_id }) => project_id === project.id) ? 'permission_denied' : 'person_not_found', 'account');
    const made = found ? { person: found, entries: [] } : await makeAccount(tx, { name: owner, role: 'administrator', scope: 'installation', projectId: project.id, now, actor: actor.id });
    const { link, entry } = await makeSignInLink(tx, { account: made.person.id, minted, now, minutes: body.expiresInMinutes, actor: actor.id, origin: config.publicOrigin });
    return { result: { ...link, account: made.person.name }, entries: [...made.entries, entry] };
  });
};
