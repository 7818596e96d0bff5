/** An entry of the ledger with the proof that a checkpoint covers it. */
import { holds } from './checks.ts';
import { count, list, members, parseInner, text } from './document.ts';
import type { Json, Members } from './document.ts';
import { VerificationFailure } from './failure.ts';
import { base64, equal, sha256, utf8 } from './note.ts';
import type { Checkpoint } from './note.ts';
import { leafPrefix, rootFromPath } from './tree.ts';

/** The hashes of an audit path. @throws VerificationFailure document_malformed */
export function hashesOf(path: Json | undefined): Uint8Array[] {
  return list(path).map((each) => {
    const hash = base64(text(each));
    if (hash?.length !== 32) throw new VerificationFailure('document_malformed');
    return hash;
  });
}

/** Checks that the entry is in the tree. @returns its members. @throws VerificationFailure entry_not_in_tree */
export async function openEntry({ index, entry, path }: Members, checkpoint: Checkpoint): Promise<Members> {
  const spelled = text(entry);
  const root = await rootFromPath(await sha256(leafPrefix, utf8(spelled)), count(index), checkpoint.size, hashesOf(path));
  holds(root !== undefined && equal(root, checkpoint.root), 'entry_not_in_tree');
  const opened = parseInner(spelled);
  holds(opened['seq'] === count(index) + 1, 'entry_malformed');
  members(opened['facts']);
  return opened;
}
