/** The report of an audit, as its program writes it, and whether the signature is of exactly these bytes. */
import type { AnswerOf } from '../../api/call.ts';
import { base64, sha256, utf8, verifyEd25519 } from '../../../verify/note.ts';
import { hex } from '../../../verify/document.ts';

export type Texts = AnswerOf<'showAuditReport'>;
export interface Report {
  passed: boolean; startedAt: string; durationS: number; versions: Record<string, string>; installation: Record<string, string>;
  checks: { check: string; says: string; holds: boolean }[];
  leaks: { place: string; spelling: string; operation: string; field: string; outcome: string; stream: boolean; cell: string }[];
  planted: { cells: number; operations: { operation: string; cells: number; fields: number; outcomes: Record<string, number> }[]; uncovered: string[]; notPlanted: { operation: string; field: string; reason: string }[] };
  positiveControl: { found: boolean; leaks: { what: string; sink: string; found: boolean }[] };
  places: { id: string; title: string; required: boolean; state: string; files: number; bytes: number; hits: number; notCovered: string[] }[];
  engine: { requests: number; surplus: { what: string; name: string; path: string }[] };
  outbound: { looks: number; destinations: { address: string; port: number; protocol: string; by: string; declaredAs: string | null }[] };
  cannotProve: string[];
}

/** Undefined where the text is not a report of a format that this page reads. */
export function parseReport(text: string): Report | undefined {
  try {
    const report = JSON.parse(text) as Report & { format?: string };
    return report.format === 'modelkeep-audit-report/1' ? report : undefined;
  } catch { return undefined; }
}

export type SignatureState = { state: 'holds'; key: string; digest: string } | { state: 'broken' | 'missing' | 'cannot_check' };
/** Octets before the 32 of an Ed25519 key in its SubjectPublicKeyInfo. */
const spkiHead = 12;

export async function checkSignature({ report, signature }: Texts): Promise<SignatureState> {
  if (signature === null) return { state: 'missing' };
  if (!window.isSecureContext) return { state: 'cannot_check' };
  const digest = await sha256(utf8(report));
  const spki = base64(signature.publicKey.replace(/-----[A-Z ]+-----|\s/g, ''));
  const signed = base64(signature.signature);
  const holds = spki?.length === spkiHead + 32 && signed !== undefined && hex(digest) === signature.sha256 && await verifyEd25519(spki.slice(spkiHead), signed, digest);
  return holds ? { state: 'holds', key: hex(await sha256(spki)), digest: hex(digest) } : { state: 'broken' };
}
