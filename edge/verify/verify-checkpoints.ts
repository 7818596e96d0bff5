/** Whether a log is what two of its checkpoints sign: nothing removed, changed or put elsewhere since the older one. */
import { holds, runChecks } from './checks.ts';
import type { Verdict } from './checks.ts';
import { equal, openCheckpoint, parseVerifierKey } from './note.ts';
import { readLeaves, rootOf } from './tree.ts';
import type { Read } from './tree.ts';

export interface CheckpointFiles { key: string; older: Uint8Array; newer: Uint8Array }

export async function verifyCheckpoints({ key: keyText, older, newer }: CheckpointFiles, read: Read, onProgress?: (done: number) => void): Promise<Verdict> {
  return await runChecks(async (check) => {
    const key = await check('verifier key', () => parseVerifierKey(keyText));
    const old = await check('signature of the older checkpoint', () => openCheckpoint(older, key));
    const now = await check('signature of the newer checkpoint', () => openCheckpoint(newer, key));
    await check('the log has grown', () => holds(now.size >= old.size, 'size_shrank'));
    const leaves = await check('every entry is in the tree', () => readLeaves(now.size, read, onProgress));
    await check('the tree is the one that the newer checkpoint signs', async () => holds(equal(await rootOf(leaves), now.root), 'root_differs'));
    await check('the log begins with what the older checkpoint signs', async () => holds(equal(await rootOf(leaves.slice(0, old.size)), old.root), 'not_consistent'));
    return `The log of ${now.size} entries holds.`;
  });
}
