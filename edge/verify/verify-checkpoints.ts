/** Whether a log is what two of its checkpoints sign: nothing removed, changed or put elsewhere since the older one. */
import { holds, runChecks } from './checks.ts';
import type { Verdict } from './checks.ts';
import { equal, openCheckpoint, parseVerifierKey, requireCosignature } from './note.ts';
import { members, parseInner } from './document.ts';
import { readLeaves, rootOf } from './tree.ts';
import type { Read } from './tree.ts';

/** `olderKey`: where the older checkpoint is of the log from which this one was restored. */
export interface CheckpointFiles { key: string; olderKey?: string | undefined; older: Uint8Array; newer: Uint8Array; /** Verifier keys of witnesses that must have cosigned the newer one. */ witnesses?: string[] | undefined }

export async function verifyCheckpoints({ key: keyText, olderKey, older, newer, witnesses = [] }: CheckpointFiles, read: Read, onProgress?: (done: number) => void): Promise<Verdict> {
  return await runChecks(async (check) => {
    const key = await check('verifier key', () => parseVerifierKey(keyText));
    const earlier = olderKey === undefined ? key : await check('verifier key of the older checkpoint', () => parseVerifierKey(olderKey));
    const old = await check('signature of the older checkpoint', () => openCheckpoint(older, earlier));
    const now = await check('signature of the newer checkpoint', () => openCheckpoint(newer, key));
    for (const witness of witnesses) await check('a witness has cosigned the newer checkpoint', () => requireCosignature(newer, witness));
    await check('the log has grown', () => holds(now.size >= old.size, 'size_shrank'));
    const from = new Set<unknown>();
    const leaves = await check('every entry is in the tree', () => readLeaves(now.size, read, onProgress, (entry) => { from.add(restoredFrom(entry)); }));
    await check('the tree is the one that the newer checkpoint signs', async () => holds(equal(await rootOf(leaves), now.root), 'root_differs'));
    await check('the log begins with what the older checkpoint signs', async () => holds(equal(await rootOf(leaves.slice(0, old.size)), old.root), 'not_consistent'));
    if (old.origin !== now.origin) await check('the log says that it was restored from the older one', () => holds(from.has(old.origin), 'not_restored_from'));
    return `The log of ${now.size} entries holds.`;
  });
}

/** The log that an entry names as the one before it, where it tells of a restore. */
function restoredFrom(entry: Uint8Array): unknown {
  const text = new TextDecoder().decode(entry);
  if (!text.includes('"installation.restored"')) return undefined;
  try {
    const { kind, facts } = parseInner(text);
    return kind === 'installation.restored' ? members(facts)['restoredFrom'] : undefined;
  } catch { return undefined; }
}
