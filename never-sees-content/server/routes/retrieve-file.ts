import type { operations } from '#contract/operations.ts';
import { findFile, viewFile } from '../../files/find-file.ts';
import type { Handler } from '../handler.ts';

export const retrieveFile: Handler<typeof operations.retrieveFile> = async ({ project, params }, { storage }) => viewFile(await storage.read((db) => findFile(db, project.id, params.file)));
