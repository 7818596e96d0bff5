import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const listProjects: Handler<typeof operations.listProjects> = async (_call, { storage }) => {
  const rows = await storage.read((db) => db.selectFrom('projects').selectAll().orderBy('created_at').execute());
  return { data: rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at, createdBy: row.created_by })) };
};
