import type { operations } from '#contract/operations.ts';
import { holdProject } from '../../datastores/find-datastore.ts';
import { openerOf } from '../../files/opener.ts';
import { identifier } from '../../identity/identifier.ts';
import { viewToken } from '../../identity/view-token.ts';
import { isDuplicate } from '../../storage/postgres-errors.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const createToken: Handler<typeof operations.createToken> = async ({ project, body, actor, principal }, { storage, custody, snapshots }) => {
  const minted = await custody.mint('mk-pt-');
  const now = Date.now();
  const row = {
    id: identifier('tok'), kind: 'project_token' as const, hash: minted.hash, hint: minted.hint, name: body.name, project_id: project.id, deployment_id: null, slot: null,
    works: (await storage.read((db) => openerOf(db, principal))).works, created_at: new Date(now).toISOString(), created_by: actor.id, revoked_at: null,
    expires_at: body.expiresInDays === undefined ? null : new Date(now + body.expiresInDays * 86_400_000).toISOString(),
  };
  try {
    await storage.transact(actor, async (tx) => {
      await holdProject(tx, project.id);
      await tx.insertInto('credentials').values(row).execute();
      return { result: undefined, entry: { kind: 'token.created', object: row.id, projectId: project.id, facts: { expiresAt: row.expires_at } } };
    });
  } catch (error) { throw isDuplicate(error) ? new Refusal('name_taken', 'name') : error; }
  await snapshots.publish();
  return { ...viewToken(row, project.name), token: minted.credential };
};
