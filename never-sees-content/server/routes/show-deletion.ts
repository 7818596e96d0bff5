import { seesEveryProject } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import { certificateOf } from '../../deletions/certificate-of.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const showDeletion: Handler<typeof operations.showDeletion> = async ({ principal, project, params }, context) => {
  try { return await certificateOf(context, project.id, params.object); } catch (error) {
    if (!(error instanceof Refusal) || !seesEveryProject(principal)) throw error;
    // Of a project that is gone nobody is left to ask but those who see every project.
    return await certificateOf(context, null, params.object);
  }
};
