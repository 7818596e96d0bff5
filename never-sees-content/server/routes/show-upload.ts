import type { operations } from '#contract/operations.ts';
import { findUpload, viewUpload } from '../../files/find-upload.ts';
import type { Handler } from '../handler.ts';

export const showUpload: Handler<typeof operations.showUpload> = async ({ project, params }, { storage }) => await storage.read(async (db) => await viewUpload(db, await findUpload(db, project.id, params.upload)));
