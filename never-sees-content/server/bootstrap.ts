/** What an empty installation starts with: the project `default` and one administrator, whose credential is shown once. */
import { identifier } from '../identity/identifier.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import type { Storage } from '../storage/storage.ts';

/** @returns the administrator credential, only where it was made just now. */
export async function bootstrap(storage: Storage, custody: CustodyClient): Promise<string | undefined> {
  if (await storage.read((db) => db.selectFrom('projects').select('id').executeTakeFirst())) return undefined;
  const minted = await custody.mint('mk-ad-');
  const now = new Date().toISOString();
  return await storage.transact({ kind: 'system', id: 'control' }, async (tx) => {
    const project = { id: identifier('prj'), name: 'default', created_at: now, created_by: 'system' };
    const administrator = identifier('usr');
    const { numInsertedOrUpdatedRows } = await tx.insertInto('projects').values(project).onConflict((on) => on.column('name').doNothing()).executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) return { result: undefined, unchanged: true };
    await tx.insertInto('credentials').values({ id: administrator, kind: 'administrator', hash: minted.hash, hint: minted.hint, name: 'bootstrap', project_id: null, deployment_id: null, slot: null, created_at: now, created_by: 'system', expires_at: null, revoked_at: null }).execute();
    return { result: minted.credential, entries: [
      { kind: 'installation.created', object: project.id, projectId: null, facts: {} },
      { kind: 'project.created', object: project.id, projectId: project.id, facts: { name: 'default' } },
      { kind: 'administrator.created', object: administrator, projectId: null, facts: { name: 'bootstrap' } },
    ] };
  });
}
