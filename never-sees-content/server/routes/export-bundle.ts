import type { operations } from '#contract/operations.ts';
import { openingOf } from '../../ledger/leaf.ts';
import { publishedEntries } from '../../ledger/published-entries.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

/** What the newest checkpoint covers: a change of this moment may be in the next one. */
export const exportBundle: Handler<typeof operations.exportBundle> = async ({ project }, { storage, ledger }) => {
  await ledger.publish();
  return await storage.read(async (db) => {
    const published = await publishedEntries(db);
    if (!published) throw new Refusal('not_found');
    const rows = await db.selectFrom('ledger_entries').selectAll().where('project_id', '=', project.id).where('seq', '<=', published.size).orderBy('seq').execute();
    const entries = await Promise.all(rows.map(async (row) => ({ ...await published.prove(row), opening: openingOf(row) })));
    return { format: 'modelkeep/bundle/1', project: project.id, key: published.key, checkpoint: published.note, entries };
  });
};
