import type { operations } from '#contract/operations.ts';
import { openingOf } from '../../ledger/leaf.ts';
import { publishedEntries } from '../../ledger/published-entries.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const showDeletion: Handler<typeof operations.showDeletion> = async ({ project, params }, { storage, ledger }) => {
  await ledger.publish();
  return await storage.read(async (db) => {
    const published = await publishedEntries(db);
    const row = await db.selectFrom('ledger_entries').selectAll().where('object', '=', params.object).where('project_id', '=', project.id).where('kind', 'like', '%.deleted').orderBy('seq').limit(1).executeTakeFirst();
    if (!published || !row || row.seq > published.size) throw new Refusal('deletion_not_found');
    return { format: 'modelkeep/deletion/1', project: project.id, key: published.key, checkpoint: published.note, entry: { ...await published.prove(row), opening: openingOf(row) } };
  });
};
