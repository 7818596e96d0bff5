import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const cancelPull: Handler<typeof operations.cancelPull> = async ({ params, actor }, { pulls }) => {
  const pull = await pulls.cancel(params.pull, actor);
  if (!pull) throw new Refusal('pull_not_found', 'pull');
  return pull;
};
