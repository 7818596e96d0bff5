/** Why rows are refused, as people read it. */
import { rowReasons } from '#contract/http/file-rows.ts';
import type { RowReason } from '#contract/http/file-rows.ts';
import type { CliError } from './exit-codes.ts';

/** A newer server may have a reason that has no sentence here. */
export const rowSentence = (reason: string): string => (Object.hasOwn(rowReasons, reason) ? rowReasons[reason as RowReason] : reason.replaceAll('_', ' '));

/** The error's message, and a line for each row that it names. */
export function messageOf({ message, details }: CliError): string {
  if (!details) return message;
  const rows = details.rows.map(({ line, reason }) => `  line ${line}: ${rowSentence(reason)}`);
  return ['The file has rows that its purpose does not allow. Nothing of it was stored.', ...rows, ...(details.more ? ['  and more'] : [])].join('\n');
}
