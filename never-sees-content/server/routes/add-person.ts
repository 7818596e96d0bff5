import type { operations } from '#contract/operations.ts';
import { mayCall } from '#contract/access.ts';
import { makeAccount } from '../../identity/make-account.ts';
import { requireScope } from '../../identity/manages.ts';
import { invitationMinutes, makeSignInLink, owner } from '../../identity/sign-in-link.ts';
import { viewPeople } from '../../identity/view-person.ts';
import { isDuplicate } from '../../storage/postgres-errors.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const addPerson: Handler<typeof operations.addPerson> = async ({ principal, project, body, actor }, { storage, custody, sessions, config }) => {
  requireScope(principal, body.scope);
  // That name is kept for whoever runs the installation: no project's administrator makes it theirs.
  if (body.name === owner && !mayCall(principal, 'administrator')) throw new Refusal('name_taken', 'name');
  const minted = await custody.mint('mk-sl-');
  const now = sessions.limits.now();
  try {
    const { person, link } = await storage.transact(actor, async (tx) => {
      const made = await makeAccount(tx, { ...body, projectId: project.id, now, actor: actor.id });
      const { link, entry } = await makeSignInLink(tx, { account: made.person.id, minted, now, minutes: invitationMinutes, actor: actor.id, origin: config.publicOrigin });
      return { result: { person: made.person, link }, entries: [...made.entries, entry] };
    });
    const [view] = await storage.read((db) => viewPeople(db, [person], mayCall(principal, 'administrator') ? null : project.id, sessions));
    if (!view) throw new Refusal('person_not_found');
    return { ...view, link };
  } catch (error) { throw isDuplicate(error) ? new Refusal('name_taken', 'name') : error; }
};
