/** Whose word opens a file's content: asked of what the database says of the credential, not of what the request says. */
import { mayOpen, worksInProject } from '#contract/access.ts';
import type { Opener } from '#contract/access.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader } from '../storage/storage.ts';

export async function openerOf(db: Reader, principal: Principal): Promise<Opener> {
  if (principal.kind !== 'project_token') return { works: worksInProject(principal), id: principal.id, madeBy: null };
  const token = await db.selectFrom('credentials').select(['works', 'created_by']).where('id', '=', principal.id).where('revoked_at', 'is', null).executeTakeFirst();
  return { works: token?.works ?? false, id: principal.id, madeBy: token?.created_by ?? null };
}

/** @throws Refusal content_not_yours */
export async function requireMayOpen(db: Reader, principal: Principal, uploadedBy: string): Promise<void> {
  if (!mayOpen(await openerOf(db, principal), uploadedBy)) throw new Refusal('content_not_yours', 'file');
}
