/** The key of the ledger that receipts must be of: one that the person has kept from before, or else the one that this page was told first. In the page's memory only. */
import { useSyncExternalStore } from 'react';
import { refusalOf, send } from '../api/call.ts';

export interface LedgerKey { text: string; /** `first_use`: nobody but the server says that it is the right one. */ source: 'kept' | 'first_use' }

let first: Promise<string> | undefined;
let kept: string | undefined;
const watchers = new Set<() => void>();

/** Asked for once in the life of the page: a server that shows another one later is found. @throws ApiError */
async function firstKey(): Promise<string> {
  first ??= send('ledgerKey').then(async (answer) => { if (!answer.ok) throw await refusalOf(answer); return await answer.text(); });
  try { return await first; } catch (error) { first = undefined; throw error; }
}

export async function ledgerKey(): Promise<LedgerKey> {
  return kept === undefined ? { text: await firstKey(), source: 'first_use' } : { text: kept, source: 'kept' };
}

/** An empty text: none any more. */
export function keepKey(text: string): void {
  kept = text.trim() === '' ? undefined : text.trim();
  watchers.forEach((tell) => tell());
}

const watch = (tell: () => void): (() => void) => { watchers.add(tell); return () => { watchers.delete(tell); }; };
/** The key that the person has given, or undefined. */
export const useKeptKey = (): string | undefined => useSyncExternalStore(watch, () => kept);
