/** Admission by retention: what declares that it keeps content does not come in, so that no later check can be forgotten. */
import type { RetentionMode, RetentionNeed } from '#contract/retention.ts';
import { Refusal } from '../server/refusal.ts';

/** The mode in which content will be handled. No declaration means no need. @throws Refusal retention_not_supported */
export function admitRetention(need: RetentionNeed = 'none'): RetentionMode {
  if (need !== 'none') throw new Refusal('retention_not_supported', 'retention');
  return need;
}
