/** Whether an entry is what the ledger has at its place, found in the log itself rather than in what somebody says of it. */
import { holds, runChecks } from './checks.ts';
import type { Verdict } from './checks.ts';
import { canonical, count, members, parseInner } from './document.ts';
import type { Json } from './document.ts';
import { readAuditPath } from './audit-path.ts';
import { equal, openCheckpoint, parseVerifierKey, sha256 } from './note.ts';
import { openSealed } from './proven-entry.ts';
import { get, leafPrefix, rootFromPath, spell, splitEntries, width } from './tree.ts';
import type { Read } from './tree.ts';

export interface EntryFiles {
  key: string; checkpoint: Uint8Array; index: number;
  /** Members that the entry is said to have: `kind`, `object`, `facts` and others. */
  shown?: Record<string, Json> | undefined;
  /** What opens its sealed facts, where that is known: `{salt, facts}`. */
  opening?: Json | undefined;
}

/** `entry`: the entry as it is published, once it is shown to be in the tree. */
export async function verifyEntry({ key: keyText, checkpoint: note, index, shown, opening }: EntryFiles, read: Read): Promise<Verdict & { entry?: string }> {
  let published: string | undefined;
  const verdict = await runChecks(async (check) => {
    const key = await check('verifier key', () => parseVerifierKey(keyText));
    const checkpoint = await check('signature of the checkpoint', () => openCheckpoint(note, key));
    await check('the checkpoint covers the entry', () => holds(index < checkpoint.size, 'entry_not_in_tree'));
    const bytes = await check('the log has the entry', () => readEntry(index, checkpoint.size, read));
    await check('the entry is in the tree', async () => {
      const root = await rootFromPath(await sha256(leafPrefix, bytes), index, checkpoint.size, await readAuditPath(index, checkpoint.size, read));
      holds(root !== undefined && equal(root, checkpoint.root), 'entry_not_in_tree');
    });
    const text = new TextDecoder().decode(bytes);
    const entry = parseInner(text);
    holds(entry['seq'] === count(index) + 1, 'entry_malformed');
    members(entry['facts']);
    published = text;
    if (shown) await check('what is shown is what the ledger has', () => { for (const [name, value] of Object.entries(shown)) holds(canonical(entry[name] ?? null) === canonical(value), 'entry_not_in_tree'); });
    if (opening !== undefined) await check('every opening is of its entry', () => openSealed({ entry: text, opening }));
    return `Entry ${index} of ${checkpoint.size} holds.`;
  });
  return { ...verdict, ...(published === undefined ? {} : { entry: published }) };
}

async function readEntry(index: number, size: number, read: Read): Promise<Uint8Array> {
  const at = Math.floor(index / width);
  const there = Math.min(width, size - at * width);
  const entries = splitEntries(await get(read, `tile/entries/${spell(at)}${there === width ? '' : `.p/${there}`}`), there);
  return entries[index % width] ?? new Uint8Array();
}
