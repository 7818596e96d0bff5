/** Whether a log is what two of its checkpoints sign: nothing removed, changed or put elsewhere since the older one. */
import { VerificationFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { equal, openCheckpoint, parseVerifierKey } from './note.ts';
import { readLeaves, rootOf } from './tree.ts';
import type { Read } from './tree.ts';

export interface Check { check: string; passed: boolean; code?: Failure }
export interface Verdict { passed: boolean; checks: Check[]; /** Entries in the newer checkpoint, once it is open. */ size?: number }
export interface CheckpointFiles { key: string; older: Uint8Array; newer: Uint8Array }

/** Runs the named checks in order and stops at the first that fails. Never rejects for what it was given to check. */
export async function verifyCheckpoints({ key: keyText, older, newer }: CheckpointFiles, read: Read, onProgress?: (done: number) => void): Promise<Verdict> {
  const checks: Check[] = [];
  const verdict: Verdict = { passed: false, checks };
  const check = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      checks.push({ check: name, passed: true });
      return result;
    } catch (error) {
      if (error instanceof VerificationFailure) checks.push({ check: name, passed: false, code: error.code });
      throw error;
    }
  };
  const holds = (condition: boolean, code: Failure): void => { if (!condition) throw new VerificationFailure(code); };
  try {
    const key = await check('verifier key', () => parseVerifierKey(keyText));
    const old = await check('signature of the older checkpoint', () => openCheckpoint(older, key));
    const now = await check('signature of the newer checkpoint', () => openCheckpoint(newer, key));
    verdict.size = now.size;
    await check('the log has grown', async () => { await Promise.resolve(); holds(now.size >= old.size, 'size_shrank'); });
    const leaves = await check('every entry is in the tree', () => readLeaves(now.size, read, onProgress));
    await check('the tree is the one that the newer checkpoint signs', async () => holds(equal(await rootOf(leaves), now.root), 'root_differs'));
    await check('the log begins with what the older checkpoint signs', async () => holds(equal(await rootOf(leaves.slice(0, old.size)), old.root), 'not_consistent'));
    verdict.passed = true;
  } catch (error) { if (!(error instanceof VerificationFailure)) throw error; }
  return verdict;
}
