/** The certificate of a deletion, fetched and checked in this browser by the code of the standalone verifier. */
import { canonical, canonicalBytes, members, parseDocument, parseInner, text } from '../../../verify/document.ts';
import type { Verdict } from '../../../verify/checks.ts';
import { verifyDeletion } from '../../../verify/verify-deletion.ts';
import { call } from '../../api/call.ts';
import { cannotCheck } from '../../ledger/published.ts';
import { ledgerKey } from '../../receipt/ledger-key.ts';
import type { LedgerKey } from '../../receipt/ledger-key.ts';
import { readStatement } from './statement.ts';
import type { Statement } from './statement.ts';

export interface Told { kind: string; at: string; object: string; actor: { kind: string; id: string }; index: number; facts: readonly (readonly [string, string])[]; statement: Statement }
export interface Certificate {
  /** As it is written down. */
  file: Uint8Array;
  /** Null where this browser cannot check signatures. */
  verdict: Verdict | null; key: LedgerKey['source'];
  /** What it says; null unless the ledger has it, for otherwise nobody has said it. */
  told: Told | null;
}

/** @throws ApiError */
export async function fetchCertificate(object: string, signal: AbortSignal): Promise<Certificate> {
  return await checkCertificate(canonicalBytes(await call('showDeletion', { params: { object }, signal })));
}

async function checkCertificate(file: Uint8Array): Promise<Certificate> {
  const key = await ledgerKey();
  if (cannotCheck !== undefined) return { file, verdict: null, key: key.source, told: null };
  const verdict = await verifyDeletion({ file, key: key.text });
  const opened = verdict.checks.some(({ check, passed }) => passed && check === 'the opening is of this entry');
  return { file, verdict, key: key.source, told: opened ? read(file) : null };
}

function read(file: Uint8Array): Told {
  const proven = members(parseDocument(file)['entry']);
  const entry = parseInner(text(proven['entry']));
  const { statement, ...sealed } = members(members(proven['opening'])['facts']);
  const facts = { ...members(entry['facts']), ...sealed };
  const actor = members(entry['actor']);
  return {
    kind: text(entry['kind']), at: text(entry['at']), object: text(entry['object']), actor: { kind: text(actor['kind']), id: text(actor['id']) }, index: Number(proven['index']),
    facts: Object.entries(facts).map(([name, value]) => [name.replace(/^./, (letter) => letter.toUpperCase()), typeof value === 'string' ? value : canonical(value)]), statement: readStatement(text(statement)),
  };
}
