/** The verification of the whole ledger, above the pages: it goes on while its page is left, and only the button stops it. */
import { useSyncExternalStore } from 'react';
import type { Verdict } from '../../../verify/checks.ts';
import { verifyCheckpoints } from '../../../verify/verify-checkpoints.ts';
import { ledgerKey } from '../../receipt/ledger-key.ts';
import { newestNote, readerOf, sizeIn } from '../../ledger/published.ts';

export interface Run { size: number; done: number; started: number }
export interface Result { verdict: Verdict; size: number; older: number | undefined; tookMs: number }
export interface Verification {
  run: Run | undefined;
  /** The last one stays for as long as the studio is open. */
  result: Result | undefined; error: Error | undefined;
}

let now: Verification = { run: undefined, result: undefined, error: undefined };
let controller: AbortController | undefined;
/** What this page has seen first: nothing that came before may change while it is open. */
let seenFirst: Uint8Array | undefined;
const listeners = new Set<() => void>();

function become(change: Partial<Verification>): void {
  now = { ...now, ...change };
  for (const listener of listeners) listener();
}
const subscribe = (listener: () => void): (() => void) => { listeners.add(listener); return () => listeners.delete(listener); };

export const useVerification = (): Verification => useSyncExternalStore(subscribe, () => now);
export const stop = (): void => controller?.abort();

/** `kept`: a checkpoint from before. One that is under way goes on. */
export async function verify(kept?: Uint8Array): Promise<void> {
  if (controller) return;
  const { signal } = controller = new AbortController();
  become({ error: undefined, result: undefined });
  try {
    const [{ text: key }, newer] = await Promise.all([ledgerKey(), newestNote(signal)]);
    if (!newer) throw new Error('nothing is published yet');
    const [size, started, older] = [sizeIn(newer), performance.now(), kept ?? seenFirst];
    become({ run: { size, done: 0, started } });
    const verdict = await verifyCheckpoints({ key, older: older ?? newer, newer }, readerOf(signal), (done) => become({ run: { size, done, started } }));
    if (verdict.passed) seenFirst ??= newer;
    if (!signal.aborted) become({ result: { verdict, size, older: older && sizeIn(older), tookMs: performance.now() - started } });
  } catch (failure) { if (!signal.aborted) become({ error: failure as Error }); } finally { controller = undefined; become({ run: undefined }); }
}
