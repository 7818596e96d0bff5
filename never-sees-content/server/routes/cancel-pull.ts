import { mayCall } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const cancelPull: Handler<typeof operations.cancelPull> = async ({ params, actor, principal }, { pulls, storage }) => {
  const started = await storage.read((db) => db.selectFrom('pulls').select('actor_id').where('id', '=', params.pull).executeTakeFirst());
  // A pull serves the whole installation: another project's member does not take it away.
  if (started && started.actor_id !== actor.id && !mayCall(principal, 'administrator')) throw new Refusal('permission_denied', 'pull');
  const pull = await pulls.cancel(params.pull, actor);
  if (!pull) throw new Refusal('pull_not_found', 'pull');
  return pull;
};
