import type { operations } from '#contract/operations.ts';
import { certificateOf } from '../../deletions/certificate-of.ts';
import type { Handler } from '../handler.ts';

export const deleteProject: Handler<typeof operations.deleteProject> = async ({ params, actor }, context) => {
  const id = await context.projectDeletions.deleteProject(actor, params.project);
  // Nobody acts in the project any more, who could ask for it later.
  return { id, deleted: true, certificate: await certificateOf(context, id, id) };
};
