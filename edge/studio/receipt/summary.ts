/** What became of checking a receipt, in one line: the same for the eye and for a screen reader. */
import type { CheckedReceipt } from '../exchange/verified-receipt.ts';

export type Look = 'passed' | 'failed' | 'pending';
/** `cut`: the answer did not come to its end, so its bytes were not compared. */
export function summaryOf({ verdict }: Pick<CheckedReceipt, 'verdict'>, cut = false): { look: Look; line: string } {
  if (!verdict) return { look: 'pending', line: 'Receipt not in the ledger yet' };
  const passed = verdict.checks.filter((each) => each.passed).length;
  const failed = verdict.checks.find((each) => !each.passed);
  if (!verdict.passed || failed) return { look: 'failed', line: `Receipt failed: ${failed?.code ?? 'unknown'}` };
  return { look: 'passed', line: `Receipt verified in this browser: ${passed} of ${verdict.checks.length} checks${cut ? ' (the answer was cut short, so its bytes were not compared)' : ''}` };
}
