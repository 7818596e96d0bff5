/** What a certificate states, as a person reads it. Words that this studio does not know are shown as they are. */
import { list, members, parseInner, text } from '../../../verify/document.ts';
import type { Json } from '../../../verify/document.ts';

export interface Copy { copy: string; place: string; outcome: string; /** What trying to open it gave, before the keys were destroyed and after, where it was tried. */ before: string | undefined; after: string | undefined }
export interface Reason { what: string; why: string }
export interface Statement { copies: readonly Copy[]; kept: readonly Reason[]; outOfReach: readonly Reason[] }

/** @throws VerificationFailure document_malformed */
export function readStatement(statement: string): Statement {
  const { copies, kept, outOfReach } = parseInner(statement);
  return { copies: list(copies).map(copyOf), kept: list(kept ?? []).map(reasonOf), outOfReach: list(outOfReach ?? []).map(reasonOf) };
}
function copyOf(value: Json): Copy {
  const { copy, place, before, after, outcome } = members(value);
  const tried = (attempt: Json | undefined): string | undefined => (attempt === undefined ? undefined : text(attempt));
  return { copy: text(copy), place: text(place), outcome: text(outcome), before: tried(before), after: tried(after) };
}
function reasonOf(value: Json): Reason {
  const { what, why } = members(value);
  return { what: text(what), why: text(why) };
}

const outcomes: Readonly<Record<string, string>> = { absent: 'Not there', undecryptable: 'Cannot be opened' };
export const outcomeInWords = (outcome: string): string => outcomes[outcome] ?? outcome;
const attempts: Readonly<Record<string, string>> = {
  opened: 'it opened', not_tried: 'not tried', key_not_found: 'its key does not exist', key_denied: 'its key was refused', key_unreachable: 'its key\'s provider did not answer', not_decryptable: 'it could not be decrypted', bytes_missing: 'its bytes are not there',
};
export const attemptInWords = (attempt: string | undefined): string => (attempt === undefined ? 'does not apply' : attempts[attempt] ?? attempt);
/** Whether an outcome means that nothing is left to read. */
export const isGone = (outcome: string): boolean => outcome === 'absent' || outcome === 'undecryptable';
