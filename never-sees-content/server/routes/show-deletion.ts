import type { operations } from '#contract/operations.ts';
import { certificateOf } from '../../deletions/certificate-of.ts';
import type { Handler } from '../handler.ts';

export const showDeletion: Handler<typeof operations.showDeletion> = async ({ project, params }, context) => await certificateOf(context, project.id, params.object);
