import type { operations } from '#contract/operations.ts';
import { viewUpload } from '../../files/find-upload.ts';
import type { Handler } from '../handler.ts';

export const cancelUpload: Handler<typeof operations.cancelUpload> = async ({ project, params, actor }, { storage, uploads }) => {
  const row = await uploads.cancel(actor, project.id, params.upload);
  return await storage.read((db) => viewUpload(db, row));
};
