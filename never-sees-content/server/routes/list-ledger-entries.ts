import type { operations } from '#contract/operations.ts';
import { requireScope } from '../../identity/manages.ts';
import { listEntries } from '../../ledger/list-entries.ts';
import { newestCheckpoint } from '../../ledger/newest-checkpoint.ts';
import type { Handler } from '../handler.ts';

export const listLedgerEntries: Handler<typeof operations.listLedgerEntries> = async ({ principal, project, query }, { storage }) => {
  const { scope, ...filters } = query;
  requireScope(principal, scope);
  return await storage.read(async (db) => {
    const { seq } = await db.selectFrom('ledger_head').select('seq').executeTakeFirstOrThrow();
    const entries = await listEntries(db, { ...filters, project: scope === 'installation' ? null : project.id });
    return { ...entries, size: seq, published: (await newestCheckpoint(db))?.size ?? 0 };
  });
};
