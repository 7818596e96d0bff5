import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const showPull: Handler<typeof operations.showPull> = async ({ params }, { pulls }) => {
  const pull = await pulls.show(params.pull);
  if (!pull) throw new Refusal('pull_not_found', 'pull');
  return pull;
};
