/** The certificate of a deletion: its entry, proved to be in the published ledger, with what it keeps sealed. */
import type { z } from 'zod';
import type { DeletionCertificate } from '#contract/deletion.ts';
import { openingOf } from '../ledger/leaf.ts';
import { publishedEntries } from '../ledger/published-entries.ts';
import type { ControlContext } from '../server/handler.ts';
import { Refusal } from '../server/refusal.ts';

/** `project`: null for whichever it was. @throws Refusal deletion_not_found */
export async function certificateOf({ ledger, storage }: Pick<ControlContext, 'ledger' | 'storage'>, project: string | null, object: string): Promise<z.output<typeof DeletionCertificate>> {
  await ledger.publish();
  return await storage.read(async (db) => {
    const published = await publishedEntries(db);
    const row = await db.selectFrom('ledger_entries').selectAll().where('object', '=', object).$if(project !== null, (select) => select.where('project_id', '=', project ?? '')).where('kind', 'like', '%.deleted').orderBy('seq').limit(1).executeTakeFirst();
    if (!published || !row || row.project_id === null || row.seq > published.size) throw new Refusal('deletion_not_found');
    return { format: 'modelkeep/deletion/1', project: row.project_id, key: published.key, checkpoint: published.note, entry: { ...await published.prove(row), opening: openingOf(row) } };
  });
}
