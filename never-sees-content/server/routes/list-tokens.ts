import type { operations } from '#contract/operations.ts';
import { viewToken } from '../../identity/view-token.ts';
import type { Handler } from '../handler.ts';

export const listTokens: Handler<typeof operations.listTokens> = async ({ project }, { storage }) => {
  const rows = await storage.read((db) => db.selectFrom('credentials').selectAll().where('project_id', '=', project.id).where('kind', '=', 'project_token').orderBy('created_at').execute());
  return { data: rows.map((row) => viewToken(row, project.name)) };
};
