import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const deleteFile: Handler<typeof operations.deleteFile> = async ({ project, params, actor }, { deletions }) => {
  await deletions.deleteFile(actor, project.id, params.file);
  return { id: params.file, object: 'file', deleted: true };
};
