import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const listBackups: Handler<typeof operations.listBackups> = async (_call, { storage }) => await storage.read(async (db) => {
  const rows = await db.selectFrom('backups').selectAll().orderBy('taken_at', 'desc').execute();
  return { data: rows.map(({ taken_at, ...rest }) => ({ ...rest, takenAt: taken_at })) };
});
