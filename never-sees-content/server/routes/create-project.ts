import type { operations } from '#contract/operations.ts';
import { identifier } from '../../identity/identifier.ts';
import { isDuplicate } from '../../storage/postgres-errors.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const createProject: Handler<typeof operations.createProject> = async ({ body, actor }, { storage, snapshots }) => {
  const row = { id: identifier('prj'), name: body.name, created_at: new Date().toISOString(), created_by: actor.id };
  try {
    await storage.transact(actor, async (tx) => {
      await tx.insertInto('projects').values(row).execute();
      return { result: undefined, entry: { kind: 'project.created', object: row.id, projectId: row.id, facts: { name: row.name } } };
    });
  } catch (error) { throw isDuplicate(error) ? new Refusal('name_taken', 'name') : error; }
  await snapshots.publish();
  return { id: row.id, name: row.name, createdAt: row.created_at, createdBy: row.created_by };
};
