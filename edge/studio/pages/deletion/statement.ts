/** What a certificate states, as a person reads it. Words that this studio does not know are shown as they are. */
import { list, members, parseInner, text } from '../../../verify/document.ts';
import type { Json } from '../../../verify/document.ts';

export interface Copy { copy: string; place: string; /** What the same attempt gave before the keys were destroyed, where it was made. */ before: string | undefined; outcome: string }
export interface Reason { what: string; why: string }
export interface Statement { copies: readonly Copy[]; kept: readonly Reason[]; outOfReach: readonly Reason[] }

/** @throws VerificationFailure document_malformed */
export function readStatement(statement: string): Statement {
  const { copies, kept, outOfReach } = parseInner(statement);
  return { copies: list(copies).map(copyOf), kept: list(kept ?? []).map(reasonOf), outOfReach: list(outOfReach ?? []).map(reasonOf) };
}
function copyOf(value: Json): Copy {
  const { copy, place, before, outcome } = members(value);
  return { copy: text(copy), place: text(place), before: before === undefined || before === null ? undefined : text(before), outcome: text(outcome) };
}
function reasonOf(value: Json): Reason {
  const { what, why } = members(value);
  return { what: text(what), why: text(why) };
}

const words: Readonly<Record<string, string>> = { absent: 'Not there', undecryptable: 'Cannot be opened', decryptable: 'Opened', opened: 'Opened', decrypted: 'Opened', present: 'There', readable: 'Read' };
export const attemptInWords = (attempt: string): string => words[attempt] ?? attempt;
/** Whether an outcome means that nothing is left to read. */
export const isGone = (outcome: string): boolean => outcome === 'absent' || outcome === 'undecryptable';
