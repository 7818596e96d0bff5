import type { operations } from '#contract/operations.ts';
import { viewToken } from '../../identity/view-token.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const revokeToken: Handler<typeof operations.revokeToken> = async ({ project, params, actor }, { storage, snapshots }) => {
  const row = await storage.transact(actor, async (tx) => {
    const found = await tx.selectFrom('credentials').selectAll().where('project_id', '=', project.id).where('kind', '=', 'project_token')
      .where((by) => by.or([by('id', '=', params.token), by('name', '=', params.token)])).orderBy('revoked_at', (order) => order.desc().nullsFirst()).limit(1).forUpdate().executeTakeFirst();
    if (!found) throw new Refusal('token_not_found', 'token');
    if (found.revoked_at !== null) return { result: found, unchanged: true };
    const revoked = { ...found, revoked_at: new Date().toISOString() };
    await tx.updateTable('credentials').set({ revoked_at: revoked.revoked_at }).where('id', '=', found.id).execute();
    return { result: revoked, entry: { kind: 'token.revoked', object: found.id, projectId: project.id, facts: {} } };
  });
  await snapshots.publish();
  return viewToken(row, project.name);
};
