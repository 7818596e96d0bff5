/** The receipt of an exchange, fetched and checked in this browser, by the same code that the standalone verifier runs. */
import type { ReceiptFile } from '#contract/receipt.ts';
import type { Verdict } from '../../verify/checks.ts';
import { canonicalBytes } from '../../verify/document.ts';
import { verifyReceipt } from '../../verify/verify-receipt.ts';
import { call } from '../api/call.ts';
import type { Exchange } from './exchange.ts';

/** `file`: the bytes that the verifier takes, with the opening. `verdict` is null while the ledger does not have the receipt's batch. */
export interface CheckedReceipt { file: Uint8Array; receipt: ReceiptFile['receipt']; ledger: ReceiptFile['ledger']; verdict: Verdict | null }

/** Longest wait for the receipt's batch to be published, in milliseconds; it takes a second or two. */
const patienceMs = 20_000;

/** The ledger's key as this page saw it first: every later receipt must be of the same ledger. */
let firstKey: string | undefined;

/** `kept`: a key that the person has kept from before, which counts more than what the server says now. @throws ApiError receipt_not_found, and what ends the signal */
export async function checkReceipt({ requestId, sent, received, salt, stopped }: Exchange, signal: AbortSignal, kept?: string): Promise<CheckedReceipt> {
  let found = await call('showReceipt', { params: { id: requestId }, signal });
  for (const deadline = Date.now() + patienceMs; found.ledger === null && Date.now() < deadline; found = await call('showReceipt', { params: { id: requestId }, signal })) await pause(400, signal);
  const file = canonicalBytes({ ...found, opening: salt === null ? null : { salt } });
  if (found.ledger === null) return { file, receipt: found.receipt, ledger: null, verdict: null };
  firstKey ??= found.ledger.key;
  // Of an answer that was stopped not every byte has come, so there is nothing whole to compare.
  const bodies = salt === null ? {} : { prompt: sent, ...(stopped ? {} : { response: received }) };
  return { file, receipt: found.receipt, ledger: found.ledger, verdict: await verifyReceipt({ file, key: kept ?? firstKey, ...bodies }) };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason as Error); }, { once: true });
  });
}
