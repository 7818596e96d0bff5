/** The receipt of an exchange, fetched and checked in this browser, by the same code that the standalone verifier runs. */
import type { ReceiptFile } from '#contract/receipt.ts';
import type { Check, Verdict } from '../../verify/checks.ts';
import { canonicalBytes, parseDocument } from '../../verify/document.ts';
import { verifyReceipt } from '../../verify/verify-receipt.ts';
import { refusalOf, send } from '../api/call.ts';
import type { ApiError } from '../api/call.ts';
import { ledgerKey } from '../receipt/ledger-key.ts';
import type { LedgerKey } from '../receipt/ledger-key.ts';
import { saltOf } from '../receipt/salt.ts';
import type { Exchange } from './exchange.ts';

export interface CheckedReceipt {
  id: string;
  /** The bytes that the verifier takes, with the opening. */
  file: Uint8Array;
  /** What it says; null unless its signature holds, for otherwise nobody has said it. */
  receipt: ReceiptFile['receipt'] | null;
  /** The entry of the ledger with its batch. */
  entry: number | null;
  /** Null while the ledger does not have the receipt's batch. */
  verdict: Verdict | null;
  /** With whose word on the ledger's key it was checked. */
  key: LedgerKey['source'];
}
/** What the person is told while it goes on. */
export type Checking = { step: 'fetching' } | { step: 'waiting' } | { step: 'checking'; checks: readonly Check[] };
export interface Bodies { prompt?: Uint8Array | undefined; response?: Uint8Array | undefined }
export interface Told { signal: AbortSignal; onStep?: (checking: Checking) => void }

/** This browser cannot check a signature here. */
export class CannotCheck extends Error {}
function requireCrypto(): void {
  if (window.isSecureContext) return;
  throw new CannotCheck('Browsers check signatures only in pages that came over TLS or from this machine itself. Start Modelkeep with --tls, or download the receipt and run modelkeep-verify.');
}

/** Longest wait for the receipt's batch to be published, in milliseconds; it takes a second or two. */
const patienceMs = 20_000;

/** @throws ApiError receipt_not_found, unreachable; and what ends the signal */
export async function checkReceipt({ requestId, sent, received, salt, whole }: Exchange, told: Told): Promise<CheckedReceipt> {
  // Of an answer that was cut short not every byte has come, so there is nothing whole to compare. Without a salt the comparison fails by its name, rather than being left out.
  return await lookUp(requestId, { salt, bodies: { prompt: sent, ...(whole ? { response: received } : {}) }, patient: !whole }, told);
}

export interface Wanted {
  /** The key that the request was made with, where it was not this session. */
  credential?: string | undefined;
  salt?: string | null | undefined; bodies?: Bodies; /** The gateway may not have noticed yet that the answer was cut short. */ patient?: boolean;
}
/** Asks for a receipt until the ledger has it, and checks it. @throws ApiError */
export async function lookUp(id: string, { credential, salt, bodies = {}, patient = false }: Wanted, { signal, onStep = () => undefined }: Told): Promise<CheckedReceipt> {
  onStep({ step: 'fetching' });
  const deadline = Date.now() + patienceMs;
  const ask = async (): Promise<Uint8Array | null> => await fetchFile(id, credential, signal, (code) => Date.now() < deadline && (code === 'control_unavailable' || (patient && code === 'receipt_not_found')));
  let bytes = await ask();
  for (; (bytes === null || isPending(bytes)) && Date.now() < deadline; bytes = await ask()) {
    onStep({ step: 'waiting' });
    await pause(400, signal);
  }
  requireCrypto();
  const file = withOpening(bytes ?? new Uint8Array(), salt ?? (credential === undefined ? null : await saltOf(credential, id)));
  return { id, ...await checkFile({ file, ...bodies }, (checks) => onStep({ step: 'checking', checks })) };
}

/** @returns null where it is to be asked again. @throws ApiError */
async function fetchFile(id: string, credential: string | undefined, signal: AbortSignal, passes: (code: ApiError['code']) => boolean): Promise<Uint8Array | null> {
  const answer = await send('showReceipt', { params: { id }, signal }, credential === undefined ? {} : { authorization: `Bearer ${credential}` });
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  const refusal = await refusalOf(answer);
  if (!passes(refusal.code)) throw refusal;
  return null;
}

/** Checks a receipt file, with the ledger's key that this page goes by. */
export async function checkFile({ file, ...bodies }: { file: Uint8Array } & Bodies, onChecks: (checks: readonly Check[]) => void = () => undefined): Promise<Omit<CheckedReceipt, 'id'>> {
  requireCrypto();
  const key = await ledgerKey();
  const parts = partsOf(file);
  if (parts?.ledger === null) return { file, receipt: null, entry: null, verdict: null, key: key.source };
  const checks: Check[] = [];
  const verdict = await verifyReceipt({ file, key: key.text, ...bodies, onCheck: (check) => { checks.push(check); onChecks([...checks]); } });
  const signed = verdict.checks.some(({ check, passed }) => passed && check === 'signature of the receipt');
  return { file, receipt: signed && parts ? parts.receipt : null, entry: signed && parts?.ledger ? parts.ledger.batch.index : null, verdict, key: key.source };
}

/** Undefined where the file is not spelled as a receipt file: the verifier then says what is wrong with it. */
function partsOf(file: Uint8Array): Pick<ReceiptFile, 'receipt' | 'ledger'> | undefined {
  try { return parseDocument(file) as unknown as ReceiptFile; } catch { return undefined; }
}
const isPending = (file: Uint8Array): boolean => partsOf(file)?.ledger === null;

/** Bytes that are no receipt file stay as they are. */
export function withOpening(file: Uint8Array, salt: string | null): Uint8Array {
  try { return salt === null ? file : canonicalBytes({ ...parseDocument(file), opening: { salt } }); } catch { return file; }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason as Error); }, { once: true });
  });
}
