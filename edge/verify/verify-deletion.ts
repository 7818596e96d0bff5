/** Whether a deletion certificate is of an entry that the ledger has, and whether no known copy was left. */
import { holds, runChecks } from './checks.ts';
import type { Verdict } from './checks.ts';
import { list, members, parseInner, parseSpelledAnew, text } from './document.ts';
import { openLedger } from './open-ledger.ts';
import type { Kept } from './open-ledger.ts';
import { openEntry, openSealed } from './proven-entry.ts';

export async function verifyDeletion({ file, ...kept }: Kept & { file: Uint8Array }): Promise<Verdict> {
  return await runChecks(async (check) => {
    const certificate = await check('the file is a deletion certificate', () => {
      const document = members(parseSpelledAnew(file), ['format', 'project', 'key', 'checkpoint', 'entry']);
      holds(document['format'] === 'modelkeep/deletion/1', 'document_malformed');
      return document;
    });
    const checkpoint = await openLedger(check, certificate, kept);
    const entry = members(certificate['entry'], ['index', 'entry', 'path', 'opening']);
    const opened = await check('the deletion is in the ledger', async () => {
      const found = await openEntry(entry, checkpoint);
      holds(text(found['kind']).endsWith('.deleted'), 'not_a_deletion');
      holds(found['project'] === certificate['project'], 'project_differs');
      return found;
    });
    const facts = await check('the opening is of this entry', () => openSealed(entry));
    await check('every known copy was looked for and is gone', () => {
      const copies = list(parseInner(text(facts['statement']))['copies']).map((each) => members(each));
      holds(copies.length > 0 && copies.every(({ outcome }) => outcome === 'absent' || outcome === 'undecryptable'), 'copy_remains');
    });
    return `${text(opened['object'])} was deleted at ${text(opened['at'])}; no known copy was left.`;
  });
}
