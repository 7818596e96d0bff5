/** Whether a project's bundle is of entries that the ledger has, and whether what they keep sealed is what the bundle says. */
import { holds, runChecks } from './checks.ts';
import type { Verdict } from './checks.ts';
import { canonicalBytes, count, hex, list, members, parseDocument, text } from './document.ts';
import type { Members } from './document.ts';
import { base64, openCheckpoint, parseVerifierKey, sha256, utf8 } from './note.ts';
import { openEntry } from './proven-entry.ts';

export async function verifyBundle({ file, key: keptKey }: { file: Uint8Array; key?: string | undefined }, onProgress: (done: number) => void = () => undefined): Promise<Verdict> {
  return await runChecks(async (check) => {
    const bundle = await check('the file is a bundle', () => {
      const document = members(parseDocument(file), ['format', 'project', 'key', 'checkpoint', 'entries']);
      holds(document['format'] === 'modelkeep/bundle/1', 'document_malformed');
      return document;
    });
    const key = await check('verifier key', () => {
      holds(keptKey === undefined || keptKey.trim() === text(bundle['key']).trim(), 'key_differs');
      return parseVerifierKey(text(bundle['key']));
    });
    const checkpoint = await check('signature of the checkpoint', () => openCheckpoint(utf8(text(bundle['checkpoint'])), key));
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
    await check('every opening is of its entry', async () => { for (const each of entries) await open(each); });
    return `${entries.length} entries of project ${project} hold, under a checkpoint of ${checkpoint.size}.`;
  });
}

async function open({ entry, opening }: Members): Promise<void> {
  const { salt, facts } = members(opening, ['salt', 'facts']);
  const sealed = hex(await sha256(base64(text(salt)) ?? new Uint8Array(), canonicalBytes(members(facts))));
  holds((JSON.parse(text(entry)) as Members)['sealed'] === sealed, 'opening_differs');
}
