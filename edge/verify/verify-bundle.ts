/** Whether a project's bundle is of entries that the ledger has, and whether what they keep sealed is what the bundle says. */
import { holds, runChecks } from './checks.ts';
import type { Verdict } from './checks.ts';
import { count, list, members, parseDocument, parseInner, text } from './document.ts';
import { equal } from './note.ts';
import { openLedger } from './open-ledger.ts';
import type { Kept } from './open-ledger.ts';
import { openEntry, openSealed } from './proven-entry.ts';
import { readLeaves, rootOf } from './tree.ts';
import type { Read } from './tree.ts';

export async function verifyBundle({ file, read, ...kept }: Kept & { file: Uint8Array; /** Reads the whole log, to see that no entry was left out. */ read?: Read | undefined }, onProgress: (done: number) => void = () => undefined): Promise<Verdict> {
  return await runChecks(async (check) => {
    const bundle = await check('the file is a bundle', () => {
      const document = members(parseDocument(file), ['format', 'project', 'key', 'checkpoint', 'entries']);
      holds(document['format'] === 'modelkeep/bundle/1', 'document_malformed');
      return document;
    });
    const checkpoint = await openLedger(check, bundle, kept);
    const project = text(bundle['project']);
    const entries = list(bundle['entries']).map((each) => members(each, ['index', 'entry', 'path', 'opening']));
    await check('every entry is in the ledger, in order, and of this project', async () => {
      for (const [i, each] of entries.entries()) {
        const entry = await openEntry(each, checkpoint);
        holds(entry['project'] === project, 'project_differs');
        holds(i === 0 || count(entries[i - 1]?.['index']) < count(each['index']), 'entry_order');
        onProgress(i + 1);
      }
    });
    await check('every opening is of its entry', async () => { for (const each of entries) await openSealed(each); });
    if (read) {
      await check('no entry of the project was left out', async () => {
        let there = 0;
        const leaves = await readLeaves(checkpoint.size, read, onProgress, (entry) => { if (parseInner(new TextDecoder().decode(entry))['project'] === project) there++; });
        holds(equal(await rootOf(leaves), checkpoint.root), 'root_differs');
        holds(there === entries.length, 'entry_missing');
      });
    }
    const whole = read ? 'They are all that there are.' : 'Whether they are all that there are was not checked: give the log with --ledger.';
    return `${entries.length} entries of project ${project} hold, under a checkpoint of ${checkpoint.size}. ${whole}`;
  });
}
