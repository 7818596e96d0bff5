/** The checks with which every file begins that brings its ledger's key and checkpoint along. */
import { holds } from './checks.ts';
import type { Run } from './checks.ts';
import { text } from './document.ts';
import type { Members } from './document.ts';
import { openCheckpoint, parseVerifierKey, requireCosignature, utf8 } from './note.ts';
import type { Checkpoint } from './note.ts';

/** What the caller kept: the ledger's verifier key, without which the file's own is taken, and the verifier keys of witnesses that must have cosigned. */
export interface Kept { key?: string | undefined; witnesses?: string[] | undefined }

/** @throws VerificationFailure key_differs, and those of the key, the note and its cosignatures */
export async function openLedger(check: Run, file: Members, { key: kept, witnesses = [] }: Kept): Promise<Checkpoint> {
  const key = await check('verifier key', () => {
    holds(kept === undefined || kept.trim() === text(file['key']).trim(), 'key_differs');
    return parseVerifierKey(text(file['key']));
  });
  const note = utf8(text(file['checkpoint']));
  const checkpoint = await check('signature of the checkpoint', () => openCheckpoint(note, key));
  for (const witness of witnesses) await check('a witness has cosigned the checkpoint', () => requireCosignature(note, witness));
  return checkpoint;
}
